import { clean } from '../payload/clean.ts';
import { type CleanValue, FieldContext, getOwn, InvalidPaths, isObject } from '../payload/schema.ts';

/** What a flow sends with a payload; everything in it is optional, and unknown keys are harmless (contract, section 2). */
export interface Context {
  /** Empty where what was given is no text, and so names no stage. */
  readonly env?: string;
  /** For the log line; only where it looks like an id, since a line must not carry what a person typed. */
  readonly chat_id?: string;
  /** In lower case; `BrazeNode.py` makes one for each call. */
  readonly call_id?: string;
  readonly user_data?: CleanValue;
}

export interface Envelope {
  /** As it came: `undefined` where there is none, or it is no object. */
  readonly payload: object | undefined;
  readonly context: Context;
}

const ID = /^[\w.:-]{1,128}$/;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

const asObject = (value: unknown): object | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;

/** The envelope in whatever was sent: `{"payload": {…}, "context": {…}}`. */
export const parseEvent = (event: unknown): Envelope => {
  const { env, chat_id, call_id, user_data } = readContext(getOwn(event, 'context'));
  return {
    payload: asObject(getOwn(event, 'payload')),
    context: {
      ...(env !== undefined && env !== null && { env: typeof env === 'string' ? env : '' }),
      ...(typeof chat_id === 'string' && ID.test(chat_id) && { chat_id }),
      ...(typeof call_id === 'string' && UUID.test(call_id) && { call_id: call_id.toLowerCase() }),
      ...(user_data !== undefined && { user_data }),
    },
  };
};

/** CleanValue like a payload, because it comes from the same flow; what is unusable in it is simply not there. */
const readContext = (context: unknown): { readonly [key: string]: CleanValue } => {
  const cleaned = clean(context, new FieldContext({ now: 0 }, new InvalidPaths()));
  return isObject(cleaned) ? cleaned : {};
};

/** Whether a conversation of environment `env` may speak to this stage; `prod` and `live` are one (contract, section 2). */
export const matchesStage = (env: string | undefined, stage: string): boolean => {
  if (env === undefined) return true;
  const name = env.toLowerCase();
  return name === stage || (name === 'live' && stage === 'prod');
};
