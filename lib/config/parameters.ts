import { type BrazeCredentials, parseCredentials } from '../braze/credentials.ts';
import { monotonicNow, sleep } from '../clock.ts';
import { type Deadline, deadlineIn, withDeadline } from '../deadline.ts';
import { ConfigurationError, ParametersUnavailableError } from '../errors.ts';
import type { Settings } from './env.ts';

/**
 * Reads the parameters `path/name` with decryption, and returns their values by name, without those that do not exist.
 * Throws `ConfigurationError` where reading them again would fail in the same way.
 */
export type GetParameters = (
  path: string,
  names: readonly string[],
  deadline: Deadline,
) => Promise<ReadonlyMap<string, string>>;

interface StageParameters {
  /** The error where an operator must correct one of Braze's parameters first. */
  readonly credentials: BrazeCredentials | ConfigurationError;
  readonly nodeSecrets: readonly string[];
  readonly linkSecrets: readonly string[];
  readonly readAt: number;
}

const CREDENTIALS = ['braze_url', 'braze_api_key'];
/** What calls and links are signed with. A function that no flow calls may not read them: one forbidden name fails the call. */
const SECRETS = ['node_secret', 'link_secret'];

/** The secrets in the parameter `node_secret` or `link_secret`: none where there is none, two while one is rotated. */
export const parseSecrets = (value: string): readonly string[] =>
  value
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');

/** A shorter secret could be guessed by somebody who has seen one signed call or link; it opens nothing. */
export const MIN_SECRET_LENGTH = 32;

const parseStrongSecrets = (value = ''): readonly string[] =>
  parseSecrets(value).filter(({ length }) => length >= MIN_SECRET_LENGTH);

/** How long a call waits for expired parameters to be read again, before it uses the expired ones. */
const MAX_REFRESH_WAIT_MS = 150;
/** What could not be read is not asked for again before. */
const RETRY_AFTER_FAILURE_MS = 1_000;
/** How often a refused API key may cause a read: ten times at once, then every two seconds. */
const REFRESH_TOKENS = { max: 10, refillMs: 2_000 };

/**
 * The stage's parameters: one `GetParameters` for all calls that ask at the same time, cached for `PARAMETER_TTL_MS`.
 * Expired parameters are used while SSM is slow, throttling or down. A failure is not cached, but what could not be
 * read is not asked for again within a second.
 */
export class ParameterStore {
  readonly #settings: Settings;
  readonly #getParameters: GetParameters;
  #current: StageParameters | undefined;
  #pending: Promise<StageParameters> | undefined;
  #failure: { readonly error: Error; readonly retryAt: number } | undefined;
  #refreshTokens = REFRESH_TOKENS.max;
  #tokensCountedAt = 0;
  #waitMs = 0;

  constructor(settings: Settings, getParameters: GetParameters) {
    this.#settings = settings;
    this.#getParameters = getParameters;
  }

  /** Starts reading before anybody asks. A failure has no effect: the first call reads for itself. */
  prefetch(): void {
    const forget = () => {
      this.#failure = undefined;
    };
    this.#startRefresh(deadlineIn(this.#settings.TIME_BUDGET_MS)).then(forget, forget);
  }

  /** What a request to Braze needs. Throws `ConfigurationError` or `ParametersUnavailableError`. */
  async credentials(deadline: Deadline): Promise<BrazeCredentials> {
    const { credentials } = await this.#read(deadline, 'credentials');
    if (credentials instanceof ConfigurationError) throw credentials;
    return credentials;
  }

  /** The secrets of the signed entry, also where Braze's parameters are malformed. Throws as `credentials` does. */
  async nodeSecrets(deadline: Deadline): Promise<readonly string[]> {
    return (await this.#read(deadline, 'nodeSecrets')).nodeSecrets;
  }

  /** The secrets of signed links, also where Braze's parameters are malformed. Throws as `credentials` does. */
  async linkSecrets(deadline: Deadline): Promise<readonly string[]> {
    return (await this.#read(deadline, 'linkSecrets')).linkSecrets;
  }

  /**
   * After Braze has refused `key` with a 401: what SSM holds now, or `undefined` where SSM was asked too often already.
   * Calls that are refused at the same time share one read.
   */
  async refreshAfter401(key: string, deadline: Deadline): Promise<BrazeCredentials | undefined> {
    const held = this.#current?.credentials;
    if (held === undefined || held instanceof ConfigurationError || held.apiKey === key) {
      if (this.#pending === undefined && !this.#takeRefreshToken()) return undefined;
      this.#current = undefined;
    }
    return this.credentials(deadline);
  }

  /** Milliseconds that calls have waited for SSM since this was last asked. */
  takeSsmWaitMs(): number {
    const waited = Math.round(this.#waitMs);
    this.#waitMs = 0;
    return waited;
  }

  async #read(deadline: Deadline, wanted: keyof StageParameters): Promise<StageParameters> {
    const current = this.#current;
    const isUsable = wanted !== 'credentials' || !(current?.credentials instanceof ConfigurationError);
    const held = isUsable ? current : undefined;
    if (held !== undefined && this.#isFresh(held)) return held;

    const startedAt = monotonicNow();
    const joined = this.#pending;
    try {
      const pauseMs = joined === undefined ? (this.#failure?.retryAt ?? 0) - monotonicNow() : 0;
      if (pauseMs > 0) {
        if (held !== undefined) return held;
        // A caller whose signature is not verified yet must not occupy the environment by waiting.
        if (wanted === 'nodeSecrets' || pauseMs > deadline.remainingMs()) throw this.#failure?.error;
        await sleep(pauseMs);
      } else {
        // Expired parameters are waited for, too: Lambda freezes what a call leaves behind, and a revoked secret would
        // stay valid.
        const waitMs =
          held === undefined ? deadline.remainingMs() : Math.min(MAX_REFRESH_WAIT_MS, deadline.remainingMs());
        return await withDeadline(deadlineIn(waitMs), joined ?? this.#startRefresh(deadline), () => {
          throw new ParametersUnavailableError('SSM did not answer in time.');
        });
      }
    } catch (error) {
      if (error instanceof ConfigurationError) throw error;
      if (held !== undefined) return held;
      // A read that was started for another call ends with the deadline of that call; this one has its own.
      if (joined === undefined || deadline.remainingMs() === 0) throw error;
    } finally {
      this.#waitMs += monotonicNow() - startedAt;
    }
    return this.#read(deadline, wanted);
  }

  /** Also false where the clock was set back meanwhile: nobody knows how old the parameters are then. */
  #isFresh({ readAt }: StageParameters): boolean {
    const age = Date.now() - readAt;
    return age >= 0 && age < this.#settings.PARAMETER_TTL_MS;
  }

  #startRefresh(deadline: Deadline): Promise<StageParameters> {
    const pending = this.#refresh(deadline).finally(() => {
      this.#pending = undefined;
    });
    this.#pending = pending;
    return pending;
  }

  async #refresh(deadline: Deadline): Promise<StageParameters> {
    const { PARAMETER_PATH: path, hasHttpsEntry } = this.#settings;
    try {
      const values = await this.#getParameters(
        path,
        hasHttpsEntry ? [...CREDENTIALS, ...SECRETS] : CREDENTIALS,
        deadline,
      );
      const credentials = parseCredentials(path, values, this.#settings.isDeployed);
      const nodeSecrets = parseStrongSecrets(values.get('node_secret'));
      const linkSecrets = parseStrongSecrets(values.get('link_secret'));
      if (credentials instanceof ConfigurationError) this.#recordFailure(credentials);
      else this.#failure = undefined;
      this.#current = { credentials, nodeSecrets, linkSecrets, readAt: Date.now() };
      return this.#current;
    } catch (cause) {
      const error =
        cause instanceof ConfigurationError
          ? cause
          : new ParametersUnavailableError('SSM could not be read.', { cause });
      if (error instanceof ConfigurationError) this.#current = undefined;
      this.#recordFailure(error);
      throw error;
    }
  }

  #recordFailure(error: Error): void {
    this.#failure = { error, retryAt: monotonicNow() + RETRY_AFTER_FAILURE_MS };
  }

  #takeRefreshToken(): boolean {
    const now = monotonicNow();
    const refilled = (now - this.#tokensCountedAt) / REFRESH_TOKENS.refillMs;
    this.#refreshTokens = Math.min(REFRESH_TOKENS.max, this.#refreshTokens + refilled);
    this.#tokensCountedAt = now;
    if (this.#refreshTokens < 1) return false;
    this.#refreshTokens -= 1;
    return true;
  }
}
