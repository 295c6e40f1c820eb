/** A type of field that a new node can have: its field in `lib/payload/`, and a sample before and after parsing. */
export interface FieldType {
  /** The module of the field, below `lib/payload/`. */
  readonly module: string;
  /** The field as it is written in a handler. */
  readonly field: string;
  readonly raw: unknown;
  readonly sent: unknown;
}

const fieldType = (module: string, field: string, raw: unknown, sent = raw): FieldType => ({
  module,
  field,
  raw,
  sent,
});

const FIELD_TYPES = {
  text: fieldType('fields/text.ts', 'shortText', ' <<far fa-check>> sample ', 'sample'),
  long_text: fieldType('fields/text.ts', 'longText', 'A longer text. '.repeat(20), 'A longer text. '.repeat(20).trim()),
  list: fieldType('fields/text.ts', 'list(shortText)', ['one', ' two '], ['one', 'two']),
  integer: fieldType('fields/number.ts', 'integer', '-3', -3),
  count: fieldType('fields/number.ts', 'count', '3', 3),
  number: fieldType('fields/number.ts', 'price', '12.50', 12.5),
  boolean: fieldType('fields/boolean.ts', 'flag', 'Yes', true),
  email: fieldType('fields/email.ts', 'email', ' Ada@Example.com', 'ada@example.com'),
  phone: fieldType('fields/phone.ts', 'phone', '+1 415-555-0100', '+14155550100'),
  url: fieldType('fields/url.ts', 'url', 'https://example.com/terms'),
  time: fieldType('events.ts', 'time', '2026-05-01T12:00:00+02:00', '2026-05-01T10:00:00.000Z'),
  date: fieldType('fields/dob.ts', 'dob', '10 Dec 1985', '1985-12-10'),
  country: fieldType('fields/country.ts', 'country', 'Germany', 'DE'),
  language: fieldType('fields/language.ts', 'language', 'French', 'fr'),
  time_zone: fieldType('fields/time-zone.ts', 'time_zone', 'europe/berlin', 'Europe/Berlin'),
  currency: fieldType('fields/currency.ts', 'currency', 'eur', 'EUR'),
  object: fieldType('properties.ts', 'properties([])', { colour: ' blue ' }, { colour: 'blue' }),
} as const satisfies { readonly [word: string]: FieldType };

/** The types in the words of the command line. */
export const FIELD_TYPE_WORDS = Object.keys(FIELD_TYPES);

export const findFieldType = (word: string): FieldType | undefined =>
  Object.entries<FieldType>(FIELD_TYPES).find(([name]) => name === word)?.[1];
