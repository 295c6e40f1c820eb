import * as v from 'valibot';
import { AwsError, callAws } from '../aws.ts';
import { type BrazeCredentials, parseCredentials } from '../braze/credentials.ts';
import { type Deadline, deadlineIn, withDeadline } from '../deadline.ts';
import { ConfigurationError, ParametersUnavailableError } from '../errors.ts';
import type { Settings } from './env.ts';

interface StageParameters {
  readonly access: BrazeCredentials | ConfigurationError;
  readonly nodeSecrets: readonly string[];
}

/** The secrets in the parameter `node_secret`: none while the entry is closed, two while one is being rotated. */
export const parseSecrets = (value: string): readonly string[] =>
  value
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');

/** Under half of a person's patience per try; more tries than fit, so that they end with the deadline. */
const SSM_RETRY = { attempts: 30, perAttempt: 2_500 };

const GetParametersOutput = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ Parameters: v.optional(v.array(v.object({ Name: v.string(), Value: v.string() })), []) }),
);

/** How long an invocation waits for what has expired to be read anew, before it uses it all the same. */
const REFRESH_MS = 150;
/** How often a refused key may send us back to SSM: ten times at once, then every two seconds. */
const REREADS = { most: 10, everyMs: 2_000 };

/**
 * The stage's parameters, read with one `GetParameters` for as many invocations as ask at once, and kept for the time
 * to live. A value that has expired is still given where SSM does not give the next one at once: then it is fetched
 * behind the invocation's back. A failure is never kept.
 */
export class ParameterStore {
  readonly #settings: Settings;
  #current:
    | { readonly parameters: StageParameters & { readonly access: BrazeCredentials }; readonly expires: number }
    | undefined;
  #pending: Promise<StageParameters> | undefined;
  #rereads = REREADS.most;
  #rereadsCountedAt = 0;
  #waited = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** What a request to Braze needs. Throws `ConfigurationError` or `ParametersUnavailableError`. */
  async credentials(deadline: Deadline): Promise<BrazeCredentials> {
    const { access } = await this.#read(deadline);
    if (access instanceof ConfigurationError) throw access;
    return access;
  }

  /** The secrets of the signed entry. Throws as `access` does, but not for what is wrong with Braze's parameters. */
  async nodeSecrets(deadline: Deadline): Promise<readonly string[]> {
    return (await this.#read(deadline)).nodeSecrets;
  }

  /**
   * After Braze has refused `key` with a 401: what SSM holds now, or `undefined` where it was asked too often already.
   * Whoever is refused while another invocation asks shares its answer.
   */
  async refreshAfter401(key: string, deadline: Deadline): Promise<BrazeCredentials | undefined> {
    const held = this.#current?.parameters.access;
    if (held === undefined || held.apiKey === key) {
      if (this.#pending === undefined && !this.#takeRefreshToken()) return undefined;
      this.#current = undefined;
    }
    return this.credentials(deadline);
  }

  /** Milliseconds that invocations have waited for SSM, since this was last asked. */
  takeSsmWaitMs(): number {
    const waited = Math.round(this.#waited);
    this.#waited = 0;
    return waited;
  }

  async #read(deadline: Deadline): Promise<StageParameters> {
    const current = this.#current;
    if (current !== undefined && Date.now() < current.expires) return current.parameters;
    const joined = this.#pending;
    const pending = joined ?? this.#startRefresh(deadline);
    // Not only behind the back: Lambda freezes what an invocation leaves behind, and a revoked secret would go on working.
    const patience = current === undefined ? deadline : deadlineIn(Math.min(REFRESH_MS, deadline.remainingMs()));
    const began = performance.now();
    try {
      return await withDeadline(patience, pending, () => {
        throw new ParametersUnavailableError('SSM did not answer in time.');
      });
    } catch (error) {
      if (error instanceof ConfigurationError) throw error;
      if (current !== undefined) return current.parameters;
      // A read that was begun for another invocation ends with that one's deadline, or with what freezing the
      // environment did to it; this one has a deadline of its own.
      if (joined === undefined || deadline.remainingMs() === 0) throw error;
    } finally {
      this.#waited += performance.now() - began;
    }
    return this.#read(deadline);
  }

  #startRefresh(deadline: Deadline): Promise<StageParameters> {
    const pending = this.#refresh(deadline).finally(() => {
      this.#pending = undefined;
    });
    this.#pending = pending;
    return pending;
  }

  async #getParameters(path: string, deadline: Deadline): Promise<ReadonlyMap<string, string>> {
    const { Parameters } = await callAws(
      {
        service: 'ssm',
        target: 'AmazonSSM.GetParameters',
        output: GetParametersOutput,
        ...SSM_RETRY,
      },
      { Names: ['braze_url', 'braze_api_key', 'node_secret'].map((name) => `${path}/${name}`), WithDecryption: true },
      this.#settings,
      deadline,
    );
    return new Map(Parameters.map(({ Name, Value }) => [Name, Value]));
  }

  async #refresh(deadline: Deadline): Promise<StageParameters> {
    const path = this.#settings.PARAMETER_PATH;
    try {
      const values = await this.#getParameters(path, deadline);
      const access = parseCredentials(path, values);
      const nodeSecrets = parseSecrets(values.get(`${path}/node_secret`) ?? '');
      this.#current =
        access instanceof ConfigurationError
          ? undefined
          : { parameters: { access, nodeSecrets }, expires: Date.now() + this.#settings.PARAMETER_TTL_MS };
      return { access, nodeSecrets };
    } catch (cause) {
      if (cause instanceof AwsError && !cause.isPassing) {
        this.#current = undefined;
        throw new ConfigurationError(`The parameters under ${path} cannot be read: ${cause.name}.`, { cause });
      }
      throw new ParametersUnavailableError('SSM could not be read.', { cause });
    }
  }

  #takeRefreshToken(): boolean {
    const now = Date.now();
    this.#rereads = Math.min(REREADS.most, this.#rereads + (now - this.#rereadsCountedAt) / REREADS.everyMs);
    this.#rereadsCountedAt = now;
    if (this.#rereads < 1) return false;
    this.#rereads -= 1;
    return true;
  }
}
