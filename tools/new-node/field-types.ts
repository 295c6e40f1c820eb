/** A kind of field that a new node can have: its rule in `lib/payload/`, and a sample before and after reading it. */
export interface Kind {
  /** The module of the rule, below `lib/payload/`. */
  readonly module: string;
  /** The rule as it is written in a handler. */
  readonly rule: string;
  readonly said: unknown;
  readonly sent: unknown;
}

const kind = (module: string, rule: string, said: unknown, sent: unknown): Kind => ({ module, rule, said, sent });

const KINDS: { readonly [word: string]: (name: string) => Kind } = {
  text: (name) => kind('fields/text.ts', 'shortText', ` <<far fa-check>> ${name}-1 `, `${name}-1`),
  price: () => kind('fields/number.ts', 'price', '12.50', 12.5),
  count: () => kind('fields/number.ts', 'count', '3', 3),
  flag: () => kind('fields/boolean.ts', 'flag', 'Yes', true),
  time: () => kind('events.ts', 'time', '2026-05-01T12:00:00+02:00', '2026-05-01T10:00:00.000Z'),
  dob: () => kind('fields/dob.ts', 'dob', '10 Dec 1985', '1985-12-10'),
  country: () => kind('fields/country.ts', 'country', 'Germany', 'DE'),
  language: () => kind('fields/language.ts', 'language', 'French', 'fr'),
  time_zone: () => kind('fields/time-zone.ts', 'time_zone', 'europe/berlin', 'Europe/Berlin'),
  currency: () => kind('fields/currency.ts', 'currency', 'eur', 'EUR'),
  object: () => kind('properties.ts', 'properties([])', { colour: ' blue ' }, { colour: 'blue' }),
};

/** What a field may be, in the words of the command line. */
export const KIND_WORDS = Object.keys(KINDS);

/** The kind that a word means, for the field of that name. */
export const kindOf = (word: string, name: string): Kind | undefined =>
  Object.hasOwn(KINDS, word) ? KINDS[word]?.(name) : undefined;
