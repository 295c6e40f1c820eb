import { getOwn } from '../json.ts';
import { clean, holdsToken } from '../payload/clean.ts';
import { type CleanValue, FieldContext, InvalidPaths, isObject } from '../payload/schema.ts';

/** The conversation that a payload comes from. Every member is optional, and unknown ones are ignored. */
export interface Context {
  /** Empty if it is not a string, so that it matches no stage. */
  readonly env?: string;
  /** Only if it looks like an id: it is logged, and the log must not hold what a person typed. */
  readonly chat_id?: string;
  /** A UUID in lower case; `BrazeNode.py` creates one for each call. */
  readonly call_id?: string;
  readonly user_data?: CleanValue;
}

export interface Envelope {
  /** As received; `undefined` if it is missing or not an object. */
  readonly payload: object | undefined;
  readonly context: Context;
}

const ID = /^[\w.:-]{1,128}$/;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

const toObject = (value: unknown): object | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;

/** Parses an event `{"payload": {…}, "context": {…}}`; any other value is an envelope without either. */
export const parseEvent = (event: unknown): Envelope => {
  const { env, chat_id, call_id, user_data } = readContext(getOwn(event, 'context'));
  return {
    payload: toObject(getOwn(event, 'payload')),
    context: {
      ...(env !== undefined && env !== null && { env: typeof env === 'string' ? env : '' }),
      ...(typeof chat_id === 'string' && ID.test(chat_id) && !holdsToken(chat_id) && { chat_id }),
      ...(typeof call_id === 'string' && UUID.test(call_id) && { call_id: call_id.toLowerCase() }),
      ...(user_data !== undefined && { user_data }),
    },
  };
};

/** Cleaned like a payload, because it comes from the same flow. Invalid values are dropped without a report. */
const readContext = (context: unknown): { readonly [key: string]: CleanValue } => {
  const cleaned = clean(context, new FieldContext({ now: 0 }, new InvalidPaths()));
  return isObject(cleaned) ? cleaned : {};
};

/** Whether a conversation of environment `env` belongs to this stage. Pypestream's `live` is the stage `prod`. */
export const matchesStage = (env: string | undefined, stage: string): boolean => {
  if (env === undefined) return true;
  const name = env.toLowerCase();
  return name === stage || (name === 'live' && stage === 'prod');
};
