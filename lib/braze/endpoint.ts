import type { JsonObject } from '../json.ts';
import type { IsAnswer } from './response.ts';

/** What a node asks Braze for. */
export interface BrazeRequest {
  /** Values of the path's and the query's parameters, each named like the member of the payload that it comes from. */
  readonly parameters?: RequestParameters;
  /** None in most requests that only read. */
  readonly body?: JsonObject;
  /** For each object of the body's arrays, the path by which the designer knows it. */
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
  /** What the API key must be allowed to do. */
  readonly permission: string;
  /** Whether Braze refuses `{}` after it has checked the key, so that the doctor can ask for the permission harmlessly. */
  readonly refusesEmptyBody?: boolean;
  /** How many objects the arrays of a request may hold together; without a limit unless given. */
  readonly maxObjects?: number;
  /**
   * Which answers are the endpoint's own, so that the node's `readResponse` is told of them: a success that looks unlike
   * others, or a 404 that says that there is no such item. A 2xx whose `message` is `success` or `queued` unless given.
   */
  readonly isAnswer?: IsAnswer;
  /** Whether sending `body` twice does what sending it once does; `eventsAreSafe` is the stage's `REPLAY_IN_DOUBT`. */
  readonly isIdempotent: (body: JsonObject, eventsAreSafe: boolean) => boolean;
}

/** A request that could not be delivered is kept and sent later. A message in a queue has no query. */
interface KeptEndpoint extends CommonEndpoint {
  readonly queueOnFailure: true;
  /** How long it is worth sending later; without a limit unless given. */
  readonly bestBeforeMs?: number;
  readonly query?: never;
  readonly cacheSeconds?: never;
}

/** A request that is worth nothing later, such as a question. */
interface PassingEndpoint extends CommonEndpoint {
  readonly queueOnFailure: false;
  /** The parameters that its query may hold. */
  readonly query?: readonly string[];
  /** How long an execution environment may remember an answer. */
  readonly cacheSeconds?: number;
  readonly bestBeforeMs?: never;
}

/** An endpoint of Braze's REST API, as far as delivering to it needs to know it. */
export type Endpoint = KeptEndpoint | PassingEndpoint;

/** The body as text; undefined where there is none: a request that asks, or deletes what its path names. */
export const toJsonBody = (method: Method, body: JsonObject): string | undefined =>
  method === 'GET' || (method === 'DELETE' && Object.keys(body).length === 0) ? undefined : JSON.stringify(body);

/** A segment as it is written: no `..`, which would leave it, and nothing that ends a path. */
const LITERAL = /^(?!\.{1,2}$)[\w.~-]+$/;
const PARAMETER = /^\{([a-z]\w*)\}$/;

/** Encoded slashes are decoded by some proxies, and the parts between them must not lead out of the segment either. */
const LEAVES_SEGMENT = /(?:^|[/\\])\.{1,2}(?:[/\\]|$)/;

/** A value as a segment of a path; undefined for one that cannot be a segment. */
const toSegment = (value: string): string | undefined =>
  value === '' || LEAVES_SEGMENT.test(value) || !value.isWellFormed() ? undefined : encodeURIComponent(value);

const isSegment = (segment: string): boolean => {
  try {
    return toSegment(decodeURIComponent(segment)) === segment;
  } catch {
    return false;
  }
};

/** Whether a text is the path of an endpoint, as a definition may declare it. */
export const isPathTemplate = (text: string): boolean =>
  text.split('/').every((segment) => LITERAL.test(segment) || PARAMETER.test(segment));

/** Whether a text is a path with its parameters filled in, as a message may hold it. */
export const isPath = (text: string): boolean => text.split('/').every(isSegment);

/**
 * The least that every HTTP server should accept.
 * https://www.rfc-editor.org/rfc/rfc9110#section-4.1
 */
const MAX_TARGET_CHARACTERS = 8_000;

/** Where a request goes below the REST endpoint, or the parameters that cannot stand there and why. */
export type Target =
  | { readonly kind: 'filled'; readonly path: string; readonly query: string }
  | { readonly kind: 'invalid'; readonly names: readonly string[]; readonly reason: 'not_in_a_path' | 'too_long' };

/** Fills in the path and the query of an endpoint, percent-encoded. No parameter can leave its place. */
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
      (segment, at) => segment === segments[at] || (PARAMETER.test(segment) && isSegment(segments[at] ?? '')),
    )
  );
};
