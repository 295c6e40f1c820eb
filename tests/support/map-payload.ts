import { trackUser } from '../../handlers/track-user.ts';
import { clean } from '../../lib/payload/clean.ts';
import { parsePayload } from '../../lib/payload/parse.ts';
import { FieldContext, InvalidPaths, type ParseOptions } from '../../lib/payload/schema.ts';

export const NOW = Date.parse('2026-05-01T10:00:00Z');

interface Situation extends Partial<ParseOptions> {
  /** The conversation's `context.user_data`. */
  readonly userData?: unknown;
}

const cleaned = (value: unknown) => clean(value, new FieldContext({ now: NOW }, new InvalidPaths()));

/** What `track-user` makes of a payload, before anything is sent. */
export const mapPayload = (payload: object | undefined, { userData, ...options }: Situation = {}) => {
  const parsed = parsePayload(payload, trackUser, { now: NOW, ...options }, cleaned(userData));
  const BRAZE_INVALID_FIELDS = [...parsed.invalid.keys()].join(',');
  if (parsed.kind === 'invalid') return { reason: parsed.reason, BRAZE_INVALID_FIELDS };
  const request = trackUser.toRequest(parsed.payload, parsed.call);
  return { body: request?.body, paths: request?.paths, BRAZE_INVALID_FIELDS };
};

/** The attributes that leave of those a payload gives, and the paths of those that don't. */
export const mapAttributes = (attributes: unknown, situation: Situation = {}) => {
  const { body, BRAZE_INVALID_FIELDS } = mapPayload({ external_id: 'u', attributes }, situation);
  const [profile] = Array.isArray(body?.attributes) ? body.attributes : [{ external_id: 'u' }];
  const { external_id: _, ...sent } = profile;
  return { sent, invalid: BRAZE_INVALID_FIELDS };
};

/** The event that leaves of the one a payload gives, without its identifier, and the paths that were invalid. */
export const mapEvent = (event: unknown, situation: Situation = {}) => {
  const { body, BRAZE_INVALID_FIELDS } = mapPayload({ external_id: 'u', event }, situation);
  const [first] = Array.isArray(body?.events) ? body.events : [undefined];
  if (first === undefined) return { sent: undefined, invalid: BRAZE_INVALID_FIELDS };
  const { external_id: _, ...sent } = first;
  return { sent, invalid: BRAZE_INVALID_FIELDS };
};

/** The same for a purchase. */
export const mapPurchase = (purchase: unknown) => {
  const { body, BRAZE_INVALID_FIELDS } = mapPayload({ external_id: 'u', purchase });
  const [first] = Array.isArray(body?.purchases) ? body.purchases : [undefined];
  if (first === undefined) return { sent: undefined, invalid: BRAZE_INVALID_FIELDS };
  const { external_id: _, ...sent } = first;
  return { sent, invalid: BRAZE_INVALID_FIELDS };
};
