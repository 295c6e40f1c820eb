import type { Method } from '../../../emulators/braze/endpoint.ts';
import { type Braze, type BrazeOptions, createBraze } from '../../../emulators/braze/gateway.ts';
import type { UserAlias } from '../../../emulators/braze/workspace.ts';
import { parseJson } from '../../../emulators/json.ts';

export const NOW = Date.parse('2026-05-01T10:00:00Z');
export const KEY = 'the-key';

/** An emulated Braze with a clock that stands still. */
export const createStill = (options: BrazeOptions = {}): Braze =>
  createBraze({ apiKey: KEY, now: () => NOW, ...options });

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The text of what is not JSON. */
  readonly json: unknown;
}

export const toRequest = (
  method: string,
  target: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
) => {
  const [path = '', query = ''] = target.split('?', 2);
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  return {
    method,
    path,
    query,
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
    body: body instanceof Uint8Array ? body : new TextEncoder().encode(text),
  };
};

/** One request, and its answer with the names of the headers in lower case. Throws where there is none. */
export const send = (
  braze: Braze,
  method: Method,
  target: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
): Answer => {
  const reaction = braze.receive(toRequest(method, target, body, headers));
  if (reaction.kind !== 'response') throw new Error(`The connection would ${reaction.kind}.`);
  const { result } = reaction;
  return {
    status: result.status,
    headers: Object.fromEntries(Object.entries(result.headers).map(([name, value]) => [name.toLowerCase(), value])),
    json: parseJson(result.body) ?? result.body,
  };
};

export const post = (braze: Braze, target: string, body: unknown, headers?: Readonly<Record<string, string>>) =>
  send(braze, 'POST', target, body, headers);

/** Status and body alone. */
export const call = (braze: Braze, target: string, body: unknown) => {
  const { status, json } = post(braze, target, body);
  return { status, json };
};

export const alias = (alias_name: string, alias_label = 'chat'): UserAlias => ({ alias_name, alias_label });

export const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

/** The answer to a request that is invalid as a whole. */
export const failsWith = (message: string) => ({ status: 400, json: { message } });

/** What users/track answers when all objects were good. */
export const accepted = (attributes_processed = 1) => ({
  status: 201,
  json: { message: 'success', attributes_processed },
});

/** What users/track answers when its only object is invalid. */
export const refused = (type: string, input_array = 'attributes') => ({
  status: 400,
  json: {
    message: "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.",
    errors: [{ type, input_array, index: 0 }],
  },
});

export const NO_IDENTIFIER = "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required";
export const BAD_EMAIL = "The value provided for the 'email' field is not a valid email.";

export const event = { external_id: 'ann', name: 'came', time: '2026-04-01T00:00:00Z' };
export const purchase = {
  external_id: 'ann',
  product_id: 'p',
  currency: 'EUR',
  price: 1,
  time: '2026-04-01T00:00:00Z',
};

/** An emulated Braze of its own for each test, and what tests often ask of it. */
export const brazeForTests = () => {
  let braze: Braze;
  const start = (options?: BrazeOptions) => {
    braze = createStill(options);
  };
  beforeEach(() => start());
  const track = (body: unknown) => call(braze, '/users/track', body);
  const know = (...attributes: unknown[]) => track({ attributes });
  return {
    get braze() {
      return braze;
    },
    /** Starts another one with options. */
    start,
    call: (path: string, body: unknown) => call(braze, path, body),
    track,
    know,
    /** Creates a person who has only an alias. */
    knowAlias: (name: string, rest: object = {}) =>
      know({ user_alias: alias(name), _update_existing_only: false, ...rest }),
    profile: (external_id: string) => braze.profile({ external_id }),
  };
};
