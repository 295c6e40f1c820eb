import { isAlpha2 } from '../payload/fields/country.ts';

interface OptionalSetting<T> {
  /** The param of `serverless.yml` that sets it. */
  readonly param: string;
  readonly accepts: string;
  /** Gets the text trimmed and in upper case; returns `undefined` if it is invalid. */
  readonly parse: (text: string) => T | undefined;
}

const toCountry = (text: string): string | undefined => {
  const code = text === 'UK' ? 'GB' : text;
  return isAlpha2(code) ? code : undefined;
};
const toDateOrder = (text: string): 'DMY' | 'MDY' | undefined => (text === 'DMY' || text === 'MDY' ? text : undefined);
const toBoolean = (text: string): boolean | undefined =>
  text === 'TRUE' || text === 'FALSE' ? text === 'TRUE' : undefined;
const toMilliseconds = (text: string): number | undefined =>
  /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : undefined;

/** Variables that a function can work without. An invalid one counts as unset, so that it does not fail every call. */
export const OPTIONAL_SETTINGS = {
  DEFAULT_COUNTRY: { param: 'defaultCountry', accepts: 'an ISO 3166-1 alpha-2 code, such as DE', parse: toCountry },
  DATE_ORDER: { param: 'dateOrder', accepts: 'DMY or MDY', parse: toDateOrder },
  REPLAY_IN_DOUBT: { param: 'replayInDoubt', accepts: 'true or false', parse: toBoolean },
  TIME_BUDGET_MS: { param: 'timeBudgetMs', accepts: 'milliseconds, such as 6000', parse: toMilliseconds },
  PARAMETER_TTL_MS: { param: 'parameterTtlMs', accepts: 'milliseconds, such as 300000', parse: toMilliseconds },
} as const satisfies Readonly<Record<string, OptionalSetting<unknown>>>;

type Name = keyof typeof OPTIONAL_SETTINGS;
export type OptionalSettings = {
  readonly [N in Name]?: NonNullable<ReturnType<(typeof OPTIONAL_SETTINGS)[N]['parse']>>;
};

/** Parses the optional settings, and lists the names of the invalid ones. */
export const parseOptionalSettings = (environment: {
  readonly [name: string]: string | undefined;
}): { readonly values: OptionalSettings; readonly ignored: readonly string[] } => {
  const ignored: string[] = [];
  const values = Object.entries(OPTIONAL_SETTINGS).flatMap(([name, { parse }]) => {
    const text = environment[name]?.trim().toUpperCase() ?? '';
    const value = text === '' ? undefined : parse(text);
    if (text !== '' && value === undefined) ignored.push(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { values: Object.fromEntries(values), ignored };
};
