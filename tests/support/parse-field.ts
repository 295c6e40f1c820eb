import { type Cleaned, type Field, Place, type Reading, Unusable } from '../../lib/payload/field.ts';

/** Reads a value as the payload's member `field`, and says what came of it. */
export const parseField = <T>(
  field: Field<T>,
  value: Exclude<Cleaned, undefined>,
  reading: Partial<Reading> = {},
): { readonly value: T | undefined; readonly unusable: readonly string[] } => {
  const unusable = new Unusable();
  const root = new Place({ now: Date.parse('2026-05-01T10:00:00Z'), ...reading }, unusable);
  return { value: field.read(value, root.at('field')), unusable: unusable.paths };
};

export const valid = <T>(value: T) => ({ value, unusable: [] });
export const invalid = { value: undefined, unusable: ['field'] };
/** Nothing was said, and nothing was wrong. */
export const absent = { value: undefined, unusable: [] };

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

/** How long the slowest of the hostile texts took. */
export const slowest = (use: (text: string) => unknown): number =>
  Math.max(...hostileTexts.map((text) => processorTime(() => use(text))));
