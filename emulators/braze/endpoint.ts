import { isArray, isObject, isText, type Json, type JsonObject } from '../json.ts';
import type { MessageStatus, Workspace } from './workspace.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A value that Braze answers with success and does not keep as it was sent. */
export interface Note {
  /** Where in the request, e.g. `attributes.0.time_zone`. */
  readonly path: string;
  readonly why: string;
}

export type AddNote = (path: string, why: string) => void;

export interface Settings {
  /** What the API key may do; undefined: everything. */
  readonly permissions: readonly string[] | undefined;
  /** Objects that a users/track request may hold, over the three arrays together. */
  readonly maxObjects: number;
  /** users/track requests in three seconds. */
  readonly trackLimit: number;
  /** External ids that Braze has blocked. */
  readonly blocklist: readonly string[];
  readonly canvases: Readonly<Record<string, MessageStatus>>;
  readonly campaigns: Readonly<Record<string, MessageStatus>>;
  readonly preferenceCenters: readonly string[];
}

export interface Call {
  /** The values of the path's parameters, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly workspace: Workspace;
  readonly settings: Settings;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Notes a value that is lost. */
  readonly drop: AddNote;
  /** Notes a value that is stored as another one. */
  readonly change: AddNote;
  /** Which valid objects a fault makes users/track reject. */
  readonly rejects: 'none' | 'first' | 'all';
}

export interface Reply {
  readonly status: number;
  readonly body: JsonObject;
}

export interface Rate {
  /** Endpoints that name the same pool use up one limit. */
  readonly pool: string;
  readonly limit: number;
  readonly perMs: number;
}

export interface Endpoint {
  readonly method: Method;
  /** With parameters in braces: `catalogs/{catalog_name}/items/{item_id}`. */
  readonly path: string;
  readonly permission: string;
  /** Undefined: the endpoint has no limit. */
  readonly rate: Rate | undefined;
  /** The page that its rules come from. */
  readonly page: string;
  respond(call: Call): Reply;
}

/** https://www.braze.com/docs/api/api_limits/ */
export const USER_MANAGEMENT: Rate = { pool: 'user management', limit: 20_000, perMs: 60_000 };
/** Endpoints without a limit of their own. */
export const SHARED: Rate = { pool: 'shared', limit: 250_000, perMs: 3_600_000 };

export const API = 'https://www.braze.com/docs/api/endpoints';

/**
 * The text of an error about one object: the sentence of a recording where there is one, else the code of
 * https://www.braze.com/docs/api/errors/
 */
const MESSAGES = {
  BAD_DEVICE_ID: 'BAD_DEVICE_ID',
  BAD_EMAIL_SUBSCRIPTION_STATE: 'BAD_EMAIL_SUBSCRIPTION_STATE',
  BAD_LOCATION_UPDATE: 'BAD_LOCATION_UPDATE',
  BAD_PUSH_SUBSCRIPTION_STATE: 'BAD_PUSH_SUBSCRIPTION_STATE',
  BAD_PUSH_TOKEN_APP_ID: 'BAD_PUSH_TOKEN_APP_ID',
  BAD_PUSH_TOKEN_IMPORT: 'BAD_PUSH_TOKEN_IMPORT',
  BAD_PUSH_TOKEN_STRING: 'BAD_PUSH_TOKEN_STRING',
  BAD_PUSH_TOKEN_VALUE: 'BAD_PUSH_TOKEN_VALUE',
  BAD_SUBSCRIPTION_GROUP_ARRAY: 'BAD_SUBSCRIPTION_GROUP_ARRAY',
  BAD_SUBSCRIPTION_GROUP_HASH: 'BAD_SUBSCRIPTION_GROUP_HASH',
  BAD_SUBSCRIPTION_GROUP_ID: 'BAD_SUBSCRIPTION_GROUP_ID',
  BAD_SUBSCRIPTION_GROUP_STATE: 'BAD_SUBSCRIPTION_GROUP_STATE',
  BLACKLISTED_EXTERNAL_USER_ID: 'provided external_id is blacklisted and disallowed',
  EMAIL_BAD_FORMAT: "The value provided for the 'email' field is not a valid email.",
  EXTERNAL_USER_ID_TOO_LARGE: 'EXTERNAL_USER_ID_TOO_LARGE',
  INVALID_ATTRIBUTE_EMAIL_SUBSCRIPTION_INFO: 'INVALID_ATTRIBUTE_EMAIL_SUBSCRIPTION_INFO',
  NO_IDENTIFIER: "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required",
  SEVERAL_IDENTIFIERS: "Only one of 'external_id', 'braze_id' or 'user_alias' is allowed",
  BAD_NAME: "'name' is not valid",
  BAD_TIME: "'time' is not valid",
  BAD_PROPERTIES: "Invalid 'properties' field",
  BAD_PRODUCT_ID: "'product_id' is not valid",
  BAD_CURRENCY: "'currency' is not valid",
  BAD_PRICE: "'price' is not valid",
  BAD_QUANTITY: "'quantity' is not valid",
  BAD_PRIORITIZATION: "'prioritization' is not valid",
  BAD_ALIAS_UPDATE: "'alias_label', 'old_alias_name' and 'new_alias_name' are required",
} as const;

/** One object of a request is invalid; the others are processed. */
export class ItemError extends Error {
  override readonly name = 'ItemError';

  constructor(code: keyof typeof MESSAGES) {
    super(MESSAGES[code]);
  }
}

/** The request as a whole is answered with an error; nothing of it is processed. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;
  readonly errors: readonly JsonObject[];

  constructor(message: string, status = 400, errors: readonly JsonObject[] = []) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/** Adds notes below a path. */
export const below =
  (add: AddNote, path: string): AddNote =>
  (rest, why) =>
    add(`${path}.${rest}`, why);

/** The objects at a key; undefined is none. */
export const readObjects = (body: JsonObject, key: string): readonly JsonObject[] => {
  const items = body[key];
  if (items === undefined) return [];
  if (!isArray(items) || !items.every(isObject)) throw new RequestError(`'${key}' must be an array of objects`);
  return items;
};

/** One text or a list of texts. */
export const readTexts = (object: JsonObject, key: string, max = 50): readonly string[] => {
  const value: Json = object[key] ?? [];
  const list = isArray(value) ? value : [value];
  if (!list.every(isText)) throw new RequestError(`'${key}' is not valid`);
  if (list.length > max) throw new RequestError('The max number of ids per request was exceeded');
  return list;
};

export const success = (status = 201): Reply => ({ status, body: { message: 'success' } });

/** What Braze, or what stands in front of it, answers. */
export interface Result {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What happens to the connection of a request. */
export type Reaction =
  | { readonly kind: 'response'; readonly result: Result; readonly delayMs: number }
  /** Never answered; the connection stays open. */
  | { readonly kind: 'hang' }
  /** The connection is reset, as by a peer that died. */
  | { readonly kind: 'reset' }
  /** The answer comes byte by byte and never ends. */
  | { readonly kind: 'drip'; readonly result: Result };

export const toJson = (status: number, body: JsonObject, headers: Readonly<Record<string, string>> = {}): Result => ({
  status,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** A page as NGINX writes it. */
export const toHtml = (status: number, title: string): Result => ({
  status,
  headers: { 'Content-Type': 'text/html' },
  body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
});

/** https://www.braze.com/docs/api/api_limits/ */
export const toRateHeaders = (limit: number, remaining: number, reset: number): Readonly<Record<string, string>> => ({
  'X-RateLimit-Limit': String(limit),
  'X-RateLimit-Remaining': String(remaining),
  'X-RateLimit-Reset': String(reset),
});

/** All three present and empty, as recorded on a 401. */
export const EMPTY_RATE_HEADERS = { 'X-RateLimit-Limit': '', 'X-RateLimit-Remaining': '', 'X-RateLimit-Reset': '' };

/** Braze's answer to a wrong key repeats the key. */
export const toUnauthorized = (key: string): Result =>
  toJson(401, { message: `Invalid API key: ${key}` }, EMPTY_RATE_HEADERS);

export const RATE_LIMIT_EXCEEDED = { message: 'Rate limit exceeded' };
export const TOO_LARGE = toHtml(413, '413 Request Entity Too Large');
