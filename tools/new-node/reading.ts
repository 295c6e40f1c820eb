import type { Success } from '../../lib/answer.ts';
import { getNested, toText } from '../../lib/braze/values.ts';
import type { NewNode } from './options.ts';

/** What of Braze's answer says that an outcome is meant. */
export type Condition =
  | { readonly kind: 'status'; readonly status: number }
  /** A member that says something, or exactly this. */
  | { readonly kind: 'member'; readonly path: string; readonly value?: string | undefined }
  | { readonly kind: 'otherwise' };

/** An outcome of the new node's own. */
export interface NewOutcome {
  readonly outcome: string;
  readonly success: Success;
  readonly when: Condition;
}

/** A key of the answer, and where its value stands in Braze's answer. */
export interface NewValue {
  readonly key: string;
  readonly path: string;
}

/** An answer of Braze that a test gives, and the outcome that it means. */
export type SampleAnswer = readonly [outcome: string, status: number, body: object];

type Reading = Pick<NewNode, 'outcomes' | 'values' | 'successMember' | 'isLookUp' | 'list'>;

export const isStatus = (text: string): boolean => /^[2-5]\d\d$/.test(text);

/** The outcomes in the order in which they are looked for: a status says most, and what is left goes last. */
export const sortOutcomes = ({ outcomes }: Pick<Reading, 'outcomes'>): readonly NewOutcome[] =>
  (['status', 'member', 'otherwise'] as const).flatMap((kind) => outcomes.filter(({ when }) => when.kind === kind));

/** Stands where any value will do. */
const ANY = 'a value';

/** An object in which the member at a path has the value; digits in the path are positions of arrays. */
const nest = (path: string, value: unknown): object => {
  const [first = '', ...rest] = path.split('.');
  const inner = rest.length === 0 ? value : nest(rest.join('.'), value);
  return first === '0' ? [inner] : { [first]: inner };
};

const merge = (one: unknown, other: unknown): unknown => {
  const isNested = [one, other].every((value) => typeof value === 'object' && value !== null);
  if (!isNested) return other === ANY && one !== undefined ? one : other;
  if (Array.isArray(one) && Array.isArray(other)) return [merge(one[0], other[0])];
  const merged: { [key: string]: unknown } = { ...(one as object) };
  for (const [key, value] of Object.entries(other as object)) merged[key] = merge(merged[key], value);
  return merged;
};

const toSampleValue = (text: string): string | number => (/^\d{1,9}$/.test(text) ? Number(text) : text);

/** What Braze answers to a success, with the members given. */
const toSampleBody = ({ successMember }: Reading, members: readonly object[] = []): object =>
  members.reduce<object>(
    (body, member) => merge(body, member) as object,
    successMember === 'message' ? { message: 'success' } : { [successMember]: ANY },
  );

const holds = ({ when }: NewOutcome, status: number, body: object): boolean => {
  if (when.kind === 'status') return when.status === status;
  if (when.kind === 'otherwise') return true;
  const text = toText(getNested(body, when.path));
  return when.value === undefined ? text !== '' : text === when.value;
};

const toOwnAnswer = (reading: Reading, { outcome, when }: NewOutcome): SampleAnswer => {
  if (when.kind === 'status') return [outcome, when.status, toSampleBody(reading)];
  const values = reading.values.map(({ path }) => nest(path, ANY));
  const own = when.kind === 'otherwise' ? [] : [nest(when.path, toSampleValue(when.value ?? ANY))];
  return [outcome, 200, toSampleBody(reading, [...(when.kind === 'otherwise' ? [] : values), ...own])];
};

/** An answer for each outcome that the new node can read out of one. */
export const toSampleAnswers = (reading: Reading): readonly SampleAnswer[] => {
  const outcomes = sortOutcomes(reading);
  const own = outcomes.map((one) => toOwnAnswer(reading, one));
  const isClosed = outcomes.some(({ when }) => when.kind === 'otherwise');
  const rest: readonly SampleAnswer[] = [
    ...(reading.isLookUp && !isClosed ? [['unavailable', 200, toSampleBody(reading)] as const] : []),
    ...(reading.isLookUp || isClosed ? [] : [['sent', 200, toSampleBody(reading)] as const]),
    ...(reading.isLookUp
      ? []
      : [['rejected', 200, { ...toSampleBody(reading), errors: [{ input_array: reading.list, index: 0 }] }] as const]),
    ['rejected', 400, { message: 'No.' }],
  ];
  return [...own, ...rest.filter(([, status]) => status < 400 || !own.some((answer) => answer[1] === status))];
};

/** An outcome that none of Braze's answers can mean, because one before it always does. */
export const findUnreachable = (reading: Reading): string | undefined => {
  const outcomes = sortOutcomes(reading);
  return outcomes.find((one) => {
    const [, status, body] = toOwnAnswer(reading, one);
    return outcomes.find((other) => holds(other, status, body)) !== one;
  })?.outcome;
};
