import { type BrazeCredentials, parseCredentials } from '../braze/credentials.ts';
import { monotonicNow, sleep } from '../clock.ts';
import { createDeadline, type Deadline, withDeadline } from '../deadline.ts';
import { ConfigurationError, ParametersUnavailableError } from '../errors.ts';
import type { Settings } from './env.ts';

/**
 * Reads the parameters `path/name` with decryption, and returns the values of those that exist, by name. Throws
 * `ConfigurationError` if a retry would fail in the same way.
 */
export type GetParameters = (
  path: string,
  names: readonly string[],
  deadline: Deadline,
) => Promise<ReadonlyMap<string, string>>;

interface StageParameters {
  /** An error if an operator must correct one of Braze's parameters first. */
  readonly credentials: BrazeCredentials | ConfigurationError;
  readonly nodeSecrets: readonly string[];
  readonly linkSecrets: readonly string[];
  readonly readAt: number;
}

const CREDENTIALS = ['braze_url', 'braze_api_key'];
/**
 * The secrets that sign calls and links. A function without the HTTPS entry is not allowed to read them, and one
 * forbidden name makes the whole `GetParameters` fail.
 */
const SECRETS = ['node_secret', 'link_secret'];

/** Parses the parameter `node_secret` or `link_secret`: one secret, or two while it is being rotated. */
export const parseSecrets = (value: string): readonly string[] =>
  value
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');

/** Shorter secrets are ignored: somebody who has seen one signed call or link could guess them. */
export const MIN_SECRET_CHARACTERS = 32;

const parseStrongSecrets = (value = ''): readonly string[] =>
  parseSecrets(value).filter(({ length }) => length >= MIN_SECRET_CHARACTERS);

/** How long a call waits for a refresh before it uses the expired parameters. */
const MAX_REFRESH_WAIT_MS = 150;
/** The pause after a failed read. */
const RETRY_AFTER_FAILURE_MS = 1_000;
/** How often a 401 may cause a read: a token bucket of ten, refilled with one every two seconds. */
const REFRESH_TOKENS = { max: 10, refillMs: 2_000 };

/**
 * The stage's parameters, cached for `PARAMETER_TTL_MS`. Concurrent calls share one `GetParameters`. Expired parameters
 * are used while SSM is slow, throttling or down. A failure is not cached, but the next read waits
 * `RETRY_AFTER_FAILURE_MS`.
 */
export class ParameterStore {
  readonly #settings: Settings;
  readonly #getParameters: GetParameters;
  #current: StageParameters | undefined;
  #pending: Promise<StageParameters> | undefined;
  /** The key that Braze rejected, until SSM has been read again. */
  #rejectedKey: string | undefined;
  #failure: { readonly error: Error; readonly retryAt: number } | undefined;
  #refreshTokens = REFRESH_TOKENS.max;
  #tokensCountedAt = 0;
  #waitMs = 0;

  constructor(settings: Settings, getParameters: GetParameters) {
    this.#settings = settings;
    this.#getParameters = getParameters;
  }

  /** Starts reading before the first call. A failure has no effect: the first call reads again. */
  prefetch(): void {
    const forget = () => {
      this.#failure = undefined;
    };
    this.#startRefresh(createDeadline(this.#settings.TIME_BUDGET_MS)).then(forget, forget);
  }

  /** The URL and key for requests to Braze. Throws `ConfigurationError` or `ParametersUnavailableError`. */
  async getCredentials(deadline: Deadline): Promise<BrazeCredentials> {
    const { credentials } = await this.#read(deadline, 'credentials');
    if (credentials instanceof ConfigurationError) throw credentials;
    return credentials;
  }

  /** The secrets that sign calls, even if Braze's parameters are malformed. Throws as `getCredentials` does. */
  async getNodeSecrets(deadline: Deadline): Promise<readonly string[]> {
    return (await this.#read(deadline, 'nodeSecrets')).nodeSecrets;
  }

  /** The secrets that sign links, even if Braze's parameters are malformed. Throws as `getCredentials` does. */
  async getLinkSecrets(deadline: Deadline): Promise<readonly string[]> {
    return (await this.#read(deadline, 'linkSecrets')).linkSecrets;
  }

  /**
   * After Braze answered 401 to `key`: the credentials that SSM holds now, or `undefined` after too many such reads.
   * Concurrent calls share one read.
   */
  async refreshAfter401(key: string, deadline: Deadline): Promise<BrazeCredentials | undefined> {
    const held = this.#current?.credentials;
    if (held !== undefined && !(held instanceof ConfigurationError) && held.apiKey !== key) {
      return this.getCredentials(deadline);
    }
    const joined = this.#pending;
    if (joined === undefined && !this.#takeRefreshToken()) return undefined;
    this.#rejectedKey = key;
    const credentials = await this.getCredentials(deadline);
    // A read that began before the 401 may have missed a rotation.
    if (joined === undefined || credentials.apiKey !== key || !this.#takeRefreshToken()) return credentials;
    this.#rejectedKey = key;
    return this.getCredentials(deadline);
  }

  /** Returns the milliseconds that calls have waited for SSM since the last call of this method. */
  takeSsmWaitMs(): number {
    const waited = Math.round(this.#waitMs);
    this.#waitMs = 0;
    return waited;
  }

  async #read(deadline: Deadline, wanted: keyof StageParameters, mustBeFresh = true): Promise<StageParameters> {
    const current = this.#current;
    const held = wanted !== 'credentials' || this.#hasUsableCredentials(current) ? current : undefined;
    if (held !== undefined && this.#isFresh(held)) return held;

    const startedAt = monotonicNow();
    const joined = this.#pending;
    let read: StageParameters | undefined;
    try {
      const pauseMs = joined === undefined ? (this.#failure?.retryAt ?? 0) - monotonicNow() : 0;
      if (pauseMs > 0) {
        if (held !== undefined) return held;
        // An unauthenticated call must not occupy the environment by waiting.
        if (wanted === 'nodeSecrets' || pauseMs > deadline.remainingMs()) throw this.#failure?.error;
        await sleep(pauseMs);
      } else {
        // A refresh in the background would be frozen with the environment, and a revoked secret would stay valid.
        const waitMs =
          held === undefined ? deadline.remainingMs() : Math.min(MAX_REFRESH_WAIT_MS, deadline.remainingMs());
        read = await withDeadline(createDeadline(waitMs), joined ?? this.#startRefresh(deadline), () => {
          throw new ParametersUnavailableError('SSM did not answer in time.');
        });
        // A read that was frozen with the environment may have returned what has been revoked since.
        if (!mustBeFresh || this.#isFresh(read)) return read;
      }
    } catch (error) {
      if (error instanceof ConfigurationError) throw error;
      if (held !== undefined) return held;
      // A read that another call started ended at that call's deadline; this call has its own.
      if (joined === undefined || deadline.remainingMs() === 0) throw error;
    } finally {
      this.#waitMs += monotonicNow() - startedAt;
    }
    return this.#read(deadline, wanted, mustBeFresh && read === undefined);
  }

  #hasUsableCredentials(current: StageParameters | undefined): boolean {
    const credentials = current?.credentials;
    return !(credentials instanceof ConfigurationError) && credentials?.apiKey !== this.#rejectedKey;
  }

  /** False also if the clock was set back, because the age is unknown then. */
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
    const readAt = Date.now();
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
      this.#rejectedKey = undefined;
      this.#current = { credentials, nodeSecrets, linkSecrets, readAt };
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
