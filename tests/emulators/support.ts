import { type BrazeEmulator, type BrazeOptions, startBraze } from '../../emulators/braze.ts';

export const NOW = Date.parse('2026-05-01T10:00:00Z');
export const KEY = 'the-key';

/** An emulator with a clock that stands still. */
export const startStill = (options: BrazeOptions = {}): Promise<BrazeEmulator> =>
  startBraze({ apiKey: KEY, now: () => NOW, ...options });

export interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

export const post = async (
  { url }: BrazeEmulator,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Said> => {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${KEY}`, 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(5_000),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type') === 'application/json';
  return { status: response.status, headers: response.headers, json: isJson ? JSON.parse(text) : text };
};

/** What users/track answers when all objects were good. */
export const accepted = (attributes_processed = 1) => ({
  status: 201,
  json: { message: 'success', attributes_processed },
});

/** What users/track answers when its only object is faulty. */
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
