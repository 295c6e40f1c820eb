import type { InvalidReason } from '../../lib/payload/invalid-reason.ts';
import {
  type CleanValue,
  type Field,
  FieldContext,
  InvalidPaths,
  type ParseOptions,
} from '../../lib/payload/schema.ts';

const parse = <T>(field: Field<T>, value: Exclude<CleanValue, undefined>, options: Partial<ParseOptions>) => {
  const invalid = new InvalidPaths();
  const payload = new FieldContext({ now: Date.parse('2026-05-01T10:00:00Z'), ...options }, invalid);
  return { value: field.parse(value, payload.child('field')), reasons: invalid.reasons };
};

/** Parses a value as the payload's member `field`: what came of it, and the paths that were invalid. */
export const parseField = <T>(
  field: Field<T>,
  value: Exclude<CleanValue, undefined>,
  options: Partial<ParseOptions> = {},
): { readonly value: T | undefined; readonly invalid: readonly string[] } => {
  const parsed = parse(field, value, options);
  return { value: parsed.value, invalid: [...parsed.reasons.keys()] };
};

/** The reason for each path that is invalid: `{ field: 'not_a_date' }`. */
export const reasonsFor = <T>(
  field: Field<T>,
  value: Exclude<CleanValue, undefined>,
  options: Partial<ParseOptions> = {},
): { readonly [path: string]: InvalidReason } => Object.fromEntries(parse(field, value, options).reasons);

export const valid = <T>(value: T) => ({ value, invalid: [] });
export const invalid = { value: undefined, invalid: ['field'] };
/** Nothing was said, and nothing was wrong. */
export const absent = { value: undefined, invalid: [] };

/** Texts on which a rule that backtracks or trims badly takes seconds instead of milliseconds. */
const hostileTexts: readonly string[] = [
  ...[
    ' ',
    '\u00a0',
    '0',
    '1',
    'a',
    '-',
    '.',
    '/',
    ':',
    '+',
    '(',
    '@',
    '_',
    ',',
    '́',
    '̖́',
    'ﷺ',
    '1.',
    '1 ',
    'st',
    'of ',
    'the ',
  ],
  ...['fr-', 'a/', '1980-12-21T', '1980-12-21T10:00:00.', '21 ', 'Dec ', '+1', 'https://'],
].flatMap((part) => {
  const long = part.repeat(Math.ceil(100_000 / part.length));
  return [long, `${long}!`, `1${long}`, `!${long}1`, `2026-05-01T10:00:00.${long}Z`, `21 Dec${long}1980`];
});

/** Milliseconds of processor time: what others do on the machine meanwhile does not count. */
export const processorTime = (work: () => unknown): number => {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
};

/** What linear work on hostile input stays below even on a busy machine, and quadratic work exceeds many times. */
export const LINEAR_MS = 1_000;

/** How long the slowest of the hostile texts took. */
export const slowest = (use: (text: string) => unknown): number =>
  Math.max(...hostileTexts.map((text) => processorTime(() => use(text))));
