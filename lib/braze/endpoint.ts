import type { JsonObject } from '../json.ts';
import type { IsAnswer } from './response.ts';

/** A request to Braze, as a node's `toRequest` returns it. */
export interface BrazeRequest {
  /** The values of the path's and the query's parameters. Each has the name of the payload member that it comes from. */
  readonly parameters?: RequestParameters;
  /** Most requests that only read have none. */
  readonly body?: JsonObject;
  /** The payload path of each object in the body's arrays, for `BRAZE_INVALID_FIELDS`. */
  readonly paths?: { readonly [array: string]: readonly string[] };
}

export interface RequestParameters {
  readonly [name: string]: string;
}

export const METHODS = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

interface CommonEndpoint {
  /** `POST` unless given. */
  readonly method?: Method;
  /** Below the REST endpoint: `users/track`, or a template such as `catalogs/{catalog_name}/items/{item_id}`. */
  readonly path: string;
  /** The permission that the API key needs. */
  readonly permission: string;
  /** Whether Braze rejects `{}` after it has checked the key, so that the doctor can test the permission without effect. */
  readonly refusesEmptyBody?: boolean;
  /** How many objects the arrays of a request may hold together; without a limit unless given. */
  readonly maxObjects?: number;
  /**
   * Whether a response is an answer of this endpoint, which `readResponse` gets: a success in a form of its own, or a 404
   * for an item that does not exist. By default, a 2xx whose `message` is `success` or `queued`.
   */
  readonly isAnswer?: IsAnswer;
  /** Whether sending `body` twice has the effect of once; `replayInDoubt` is the stage's setting `REPLAY_IN_DOUBT`. */
  readonly isIdempotent: (body: JsonObject, replayInDoubt: boolean) => boolean;
}

/** A request that could not be delivered is queued. It has no query, because a queued message has none. */
interface QueuedEndpoint extends CommonEndpoint {
  readonly queueOnFailure: true;
  /** How long a queued request may still be sent; without a limit unless given. */
  readonly bestBeforeMs?: number;
  readonly query?: never;
  readonly cacheSeconds?: never;
}

/** A request that is useless later, such as a look-up, so it is not queued. */
interface UnqueuedEndpoint extends CommonEndpoint {
  readonly queueOnFailure: false;
  /** The names of the query's parameters. */
  readonly query?: readonly string[];
  /** How long an execution environment may cache an answer. */
  readonly cacheSeconds?: number;
  readonly bestBeforeMs?: never;
}

/** What delivery needs to know about an endpoint of Braze's REST API. */
export type Endpoint = QueuedEndpoint | UnqueuedEndpoint;

/** The body as JSON; `undefined` for GET, and for DELETE with an empty body. */
export const toJsonBody = (method: Method, body: JsonObject): string | undefined =>
  method === 'GET' || (method === 'DELETE' && Object.keys(body).length === 0) ? undefined : JSON.stringify(body);

/** A literal segment of a template: not `.` or `..`, and no character that ends a path. */
const LITERAL = /^(?!\.{1,2}$)[\w.~-]+$/;
const PARAMETER = /^\{([a-z]\w*)\}$/;

/** `..` between slashes or backslashes. Some proxies decode encoded slashes, and the path must not change then. */
const LEAVES_SEGMENT = /(?:^|[/\\])\.{1,2}(?:[/\\]|$)/;

/** Encodes a value as a segment of a path; `undefined` if it cannot be one. */
const toSegment = (value: string): string | undefined =>
  value === '' || LEAVES_SEGMENT.test(value) || !value.isWellFormed() ? undefined : encodeURIComponent(value);

const isSegment = (segment: string): boolean => {
  try {
    return toSegment(decodeURIComponent(segment)) === segment;
  } catch {
    return false;
  }
};

/** Whether a text is a valid path template of an endpoint. */
export const isPathTemplate = (text: string): boolean =>
  text.split('/').every((segment) => LITERAL.test(segment) || PARAMETER.test(segment));

/** Whether a text is a path with its parameters filled in, as in a queued message. */
export const isPath = (text: string): boolean => text.split('/').every(isSegment);

/**
 * The length of a URL that every HTTP server should accept.
 * https://www.rfc-editor.org/rfc/rfc9110#section-4.1
 */
const MAX_TARGET_CHARACTERS = 8_000;

/** The path and the query of a request, or the names of the parameters that cannot be part of them. */
export type Target =
  | { readonly kind: 'filled'; readonly path: string; readonly query: string }
  | { readonly kind: 'invalid'; readonly names: readonly string[]; readonly reason: 'not_in_a_path' | 'too_long' };

/** Fills percent-encoded parameters into the path and the query of an endpoint. None can change another part. */
export const fillTarget = (
  { path: template, query: names = [] }: Pick<Endpoint, 'path' | 'query'>,
  parameters: RequestParameters = {},
): Target => {
  const segments = template.split('/').map((segment) => {
    const [, name] = PARAMETER.exec(segment) ?? [];
    return name === undefined ? { text: segment } : { name, text: toSegment(parameters[name] ?? '') };
  });
  const invalid = segments.flatMap(({ name, text }) => (name === undefined || text !== undefined ? [] : [name]));
  if (invalid.length > 0) return { kind: 'invalid', names: invalid, reason: 'not_in_a_path' };
  const path = segments.map(({ text }) => text).join('/');
  const query = new URLSearchParams(Object.entries(parameters).filter(([name]) => names.includes(name))).toString();
  if (path.length + query.length < MAX_TARGET_CHARACTERS) return { kind: 'filled', path, query };
  const [longest] = Object.entries(parameters).toSorted(([, a], [, b]) => b.length - a.length);
  return { kind: 'invalid', names: longest?.slice(0, 1) ?? [], reason: 'too_long' };
};

/** Whether a request goes to the endpoint. */
export const isRequestTo = (
  { method = 'POST', path: template }: Pick<Endpoint, 'method' | 'path'>,
  request: { readonly method: Method; readonly path: string },
): boolean => {
  const segments = request.path.split('/');
  const wanted = template.split('/');
  return (
    method === request.method &&
    segments.length === wanted.length &&
    wanted.every(
      (segment, at) => segment === segments[at] || (PARAMETER.test(segment) && isSegment(String(segments[at]))),
    )
  );
};
