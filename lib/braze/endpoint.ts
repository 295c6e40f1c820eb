import type { JsonObject } from '../json.ts';

/** A request body, and for each of its objects the path by which the designer knows it. */
export interface BrazeRequest {
  readonly body: JsonObject;
  readonly paths: { readonly [array: string]: readonly string[] };
}

export const METHODS = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

/** An endpoint of Braze's REST API, as far as delivering to it needs to know it. */
export interface Endpoint {
  /** `POST` unless given. */
  readonly method?: Method;
  /** Below the REST endpoint: `users/track`, or a template such as `catalogs/{catalog_name}/items/{item_id}`. */
  readonly path: string;
  /** What the API key must be allowed to do. */
  readonly permission: string;
  /** Whether Braze refuses `{}` after it has checked the key, so that the doctor can ask for the permission harmlessly. */
  readonly refusesEmptyBody?: boolean;
  /** How many objects a request may hold. */
  readonly maxObjects: number;
  /** Whether sending `body` twice does what sending it once does; `eventsAreSafe` is the stage's `REPLAY_IN_DOUBT`. */
  readonly isIdempotent: (body: JsonObject, eventsAreSafe: boolean) => boolean;
  /** Whether a request that could not be delivered is worth keeping; the answer to a question is not. */
  readonly queueOnFailure: boolean;
  /** How long a request that could not be delivered is worth sending later; without a limit unless given. */
  readonly bestBeforeMs?: number;
}

/** A segment as it is written: no `..`, which would leave it, and nothing that ends a path. */
const LITERAL = /^(?!\.{1,2}$)[\w.~-]+$/;
const PARAMETER = /^\{([a-z]\w*)\}$/;

/** A value as a segment of a path; undefined for one that cannot be a segment. */
const toSegment = (value: string): string | undefined =>
  value === '' || value === '.' || value === '..' || !value.isWellFormed() ? undefined : encodeURIComponent(value);

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

/** The template with its parameters percent-encoded; undefined where one is missing or cannot be a segment. */
export const fillPath = (template: string, parameters: { readonly [name: string]: string }): string | undefined => {
  const segments = template.split('/').map((segment) => {
    const [, name] = PARAMETER.exec(segment) ?? [];
    return name === undefined ? segment : toSegment(parameters[name] ?? '');
  });
  return segments.includes(undefined) ? undefined : segments.join('/');
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
