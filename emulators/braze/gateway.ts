import { createFaultQueue } from '../fault-queue.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../json.ts';
import { catalogEndpoints } from './catalogs.ts';
import {
  type Call,
  type Endpoint,
  type Method,
  type Note,
  RATE_LIMIT_EXCEEDED,
  type Rate,
  type Reaction,
  RequestError,
  type Result,
  type Settings,
  TOO_LARGE,
  toJson,
  toRateHeaders,
  toUnauthorized,
} from './endpoint.ts';
import { exportEndpoints } from './export.ts';
import { applyFault, type Fault, parseFault } from './faults.ts';
import { identityEndpoints } from './identity.ts';
import { messagingEndpoints } from './messaging.ts';
import { subscriptionEndpoints } from './subscriptions.ts';
import { track, trackEndpoints } from './track.ts';
import { type Identifier, type MessageStatus, type Profile, toProfile, Workspace } from './workspace.ts';

/** Four megabytes. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Everything that the emulator answers. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...trackEndpoints,
  ...exportEndpoints,
  ...identityEndpoints,
  ...messagingEndpoints,
  ...subscriptionEndpoints,
  ...catalogEndpoints,
];

export interface BrazeRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Undefined when it was larger than the server reads. */
  readonly body: Uint8Array | undefined;
}

export interface RequestRecord {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly json: Json | undefined;
  readonly at: number;
  /** Undefined where a fault leaves the request without an answer. */
  readonly status: number | undefined;
  /** The body of the answer, where there is one. */
  readonly answer: string | undefined;
  /** Whether Braze took it in, whatever it answered. */
  readonly processed: boolean;
  /** The values that Braze would take with success and not keep. */
  readonly dropped: readonly Note[];
  /** The values that Braze would store as others. */
  readonly changed: readonly Note[];
}

/** A person to begin with: a user attributes object, as users/track takes it. */
export type Seed = JsonObject;

export interface BrazeOptions extends Partial<Settings> {
  readonly apiKey?: string;
  /** Every answer comes this much later. */
  readonly latencyMs?: number;
  /** Items by catalog; each has an `id`. */
  readonly catalogs?: Readonly<Record<string, readonly JsonObject[]>>;
  readonly profiles?: readonly Seed[];
  readonly now?: () => number;
  /** Called once for each request, when it is known what happens to it. */
  readonly onRequest?: (record: RequestRecord) => void;
}

/** An emulated Braze of one workspace, without a server: a request goes in, what happens to its connection comes out. */
export interface Braze {
  /** May be changed: the key before is then unknown. */
  apiKey: string;
  readonly requests: readonly RequestRecord[];
  readonly profiles: readonly Profile[];
  /** The messages that can be triggered; may be changed. */
  readonly canvases: Record<string, MessageStatus>;
  readonly campaigns: Record<string, MessageStatus>;
  /** The profile that users/track would take for the identifier. */
  profile(identifier: Identifier): Profile | undefined;
  /** Creates or updates profiles, as users/track does. */
  seed(...profiles: readonly Seed[]): void;
  receive(request: BrazeRequest): Reaction;
  /** Applies to the next requests; without a number of times, until the faults are cleared. */
  fault(fault: Fault, times?: number): void;
  clearFaults(): void;
  /** People, catalogs and schedules as at the start, no requests and no faults; the key and the messages stay. */
  reset(): void;
}

const DEFAULTS: Settings = {
  permissions: undefined,
  maxObjects: 75,
  trackLimit: 3_000,
  blocklist: [],
  canvases: {},
  campaigns: {},
  preferenceCenters: [],
};

interface RateState {
  readonly limit: number;
  readonly remaining: number;
  /** Epoch seconds. */
  readonly reset: number;
  readonly exceeded: boolean;
}

/** Counts requests in windows that begin on the clock, as Braze's do: https://www.braze.com/docs/api/api_limits/ */
const createRateLimits = (now: () => number) => {
  const windows = new Map<string, { readonly end: number; used: number }>();
  return ({ pool, limit, perMs }: Rate): RateState => {
    const end = (Math.floor(now() / perMs) + 1) * perMs;
    const current = windows.get(pool);
    const window = current?.end === end ? current : { end, used: 0 };
    windows.set(pool, window);
    window.used += 1;
    const remaining = Math.max(0, limit - window.used);
    return { limit, remaining, reset: Math.ceil(end / 1000), exceeded: window.used > limit };
  };
};

const readHeader = ({ headers }: BrazeRequest, name: string): string => String(headers[name] ?? '');

/** The key as sent; without the word Bearer it is no key, but Braze echoes it all the same. */
const readKey = (request: BrazeRequest): { readonly key: string; readonly isBearer: boolean } => {
  const authorization = readHeader(request, 'authorization');
  const key = /^bearer +(.*)$/i.exec(authorization)?.[1];
  return { key: key ?? authorization, isBearer: key !== undefined };
};

const decodeUtf8 = (body: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
};

/** Undefined when it is not strict JSON in UTF-8. A body that is not declared as JSON is not read. */
const readBody = (request: BrazeRequest): JsonObject | undefined => {
  const isJson = /^application\/json\b/i.test(readHeader(request, 'content-type'));
  if (!isJson || !request.body || request.body.length === 0) return {};
  const text = decodeUtf8(request.body);
  const json = text === undefined ? undefined : parseJson(text);
  if (json === undefined) return undefined;
  return isObject(json) ? json : {};
};

const decodeSegment = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
};

/** The values of the parameters where the path is one of the template. */
const matchPath = (template: string, path: string): Readonly<Record<string, string>> | undefined => {
  const names = template.split('/');
  const segments = path.replace(/^\//, '').replace(/\/$/, '').split('/');
  if (names.length !== segments.length) return undefined;
  const params: [string, string][] = [];
  for (const [index, name] of names.entries()) {
    const segment = segments[index] ?? '';
    const value = name.startsWith('{') ? decodeSegment(segment) : undefined;
    if (value) params.push([name.slice(1, -1), value]);
    else if (name !== segment) return undefined;
  }
  return Object.fromEntries(params);
};

interface Route {
  readonly endpoint: Endpoint;
  readonly params: Readonly<Record<string, string>>;
}

const findRoute = ({ method, path }: BrazeRequest): Route | undefined => {
  for (const endpoint of ENDPOINTS) {
    const params = endpoint.method === method ? matchPath(endpoint.path, path) : undefined;
    if (params) return { endpoint, params };
  }
  return undefined;
};

/** The methods of a path that the emulator knows. */
const findMethods = ({ path }: BrazeRequest): readonly Method[] =>
  ENDPOINTS.filter((endpoint) => matchPath(endpoint.path, path)).map(({ method }) => method);

const respond = (endpoint: Endpoint, call: Call): Result => {
  try {
    const { status, body } = endpoint.respond(call);
    return toJson(status, body);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { status, message, errors } = error;
    return toJson(status, { message, ...(errors.length > 0 && { errors }) });
  }
};

/** A gap of the emulator must not look like an answer of Braze. */
const toUnknown = (request: BrazeRequest): Result => {
  const methods = findMethods(request);
  const known = methods.length > 0 ? ` It knows this path with ${methods.join(', ')}.` : '';
  const message = `The emulator does not know the endpoint ${request.method} ${request.path}.${known}`;
  return toJson(404, { message });
};

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

export const createBraze = (options: BrazeOptions = {}): Braze => {
  const {
    apiKey = 'emulated-key',
    latencyMs = 0,
    catalogs = {},
    profiles = [],
    now = () => Date.now(),
    onRequest,
    ...given
  } = options;
  const settings = { ...DEFAULTS, ...given, canvases: { ...given.canvases }, campaigns: { ...given.campaigns } };
  const workspace = new Workspace(now);
  const count = createRateLimits(now);
  const requests: RequestRecord[] = [];
  const faults = createFaultQueue<Fault>();

  const seed = (people: readonly Seed[]): void => {
    const ignore = () => {};
    const query = new URLSearchParams();
    for (const person of people) {
      const body = { attributes: [{ _update_existing_only: false, ...person }] };
      track({
        params: {},
        query,
        body,
        workspace,
        settings,
        now: now(),
        drop: ignore,
        change: ignore,
        rejects: 'none',
      });
    }
  };
  const begin = (): void => {
    workspace.clear();
    workspace.catalogs.clear();
    for (const [name, items] of Object.entries(catalogs)) {
      workspace.catalogs.set(name, new Map(items.map((item) => [String(item.id), item])));
    }
    seed(profiles);
  };
  begin();

  const answer = (
    { endpoint, params }: Route,
    request: BrazeRequest,
    call: Pick<Call, 'drop' | 'change' | 'rejects'>,
  ) => {
    const { permissions } = settings;
    if (permissions && !permissions.includes(endpoint.permission)) return toJson(403, { message: 'Access Denied' });
    if (!request.body || request.body.length > MAX_BODY_BYTES) return TOO_LARGE;
    const body = readBody(request);
    if (!body) return toJson(400, { message: 'The request body is not valid JSON' });
    const query = new URLSearchParams(request.query);
    return respond(endpoint, { ...call, params, query, body, workspace, settings, now: now() });
  };

  /** What Braze answers to a request, and all that it does about it. */
  const handle = (request: BrazeRequest, record: Writable<RequestRecord>, rejects: Call['rejects']): Result => {
    const route = findRoute(request);
    if (!route) return toUnknown(request);
    const { key, isBearer } = readKey(request);
    if (!isBearer || key !== braze.apiKey) {
      return toUnauthorized(key);
    }
    const { rate } = route.endpoint;
    const isTrack = rate?.pool === 'users/track';
    const state = rate && count(isTrack ? { ...rate, limit: settings.trackLimit } : rate);
    const result = state?.exceeded
      ? toJson(429, RATE_LIMIT_EXCEEDED)
      : answer(route, request, {
          rejects,
          drop: (path, why) => {
            record.dropped = [...record.dropped, { path, why }];
          },
          change: (path, why) => {
            record.changed = [...record.changed, { path, why }];
          },
        });
    record.processed = result.status < 300;
    return state
      ? { ...result, headers: { ...result.headers, ...toRateHeaders(state.limit, state.remaining, state.reset) } }
      : result;
  };

  const braze: Braze = {
    apiKey,
    requests,
    canvases: settings.canvases,
    campaigns: settings.campaigns,
    get profiles() {
      return workspace.all.map(toProfile);
    },
    profile: (identifier) => {
      const found = workspace.find(identifier);
      return found && toProfile(found);
    },
    seed: (...people) => seed(people),
    receive: (request) => {
      const { method, path, query } = request;
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const body = new TextDecoder().decode(request.body);
      const record: Writable<RequestRecord> = {
        method,
        path,
        query,
        headers,
        body,
        json: parseJson(body),
        at: now(),
        status: undefined,
        answer: undefined,
        processed: false,
        dropped: [],
        changed: [],
      };
      requests.push(record);
      const fault = parseFault(readHeader(request, 'x-emulator-fault')) ?? faults.take();
      const run = (rejects: Call['rejects'] = 'none') => handle(request, record, rejects);
      const reaction: Reaction =
        fault === undefined
          ? { kind: 'response', result: run(), delayMs: 0 }
          : applyFault(fault, { key: readKey(request).key, now: now(), process: run });
      if (reaction.kind === 'response') {
        record.status = reaction.result.status;
        record.answer = reaction.result.body;
      }
      onRequest?.(record);
      return reaction.kind === 'response' ? { ...reaction, delayMs: reaction.delayMs + latencyMs } : reaction;
    },
    fault: faults.add,
    clearFaults: faults.clear,
    reset: () => {
      begin();
      faults.clear();
      requests.length = 0;
    },
  };
  return braze;
};
