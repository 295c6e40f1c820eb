import { type CleanValue, type Field, type FieldContext, isGiven, isObject } from '../schema.ts';
import { toPlainText } from '../words/plain-text.ts';

/** Active codes that `Intl` does not list: Venezuela's digital bolívar, and units of account. */
const EXTRA_CODES = [
  'VED',
  'CLF',
  'UYW',
  'CHE',
  'CHW',
  'COU',
  'MXV',
  'BOV',
  'USN',
  'XSU',
  'XUA',
  'XAU',
  'XAG',
  'XPT',
  'XPD',
];

let currencies: ReadonlySet<string> | undefined;

/** ISO 4217: the codes that the runtime knows as money, so neither `XXX` nor `XTS`. */
export const currency: Field<string> = {
  sends: 'ISO 4217, upper case',
  invalidWhen: 'it is not the code of a currency',
  schema: { type: 'string', pattern: '^[A-Za-z]{3}$', examples: ['USD', 'eur'] },
  parse: (value, ctx) => {
    currencies ??= new Set([...Intl.supportedValuesOf('currency'), ...EXTRA_CODES]);
    const code = typeof value === 'string' ? toPlainText(value).toUpperCase() : '';
    return currencies.has(code) && code !== 'XXX' && code !== 'XTS' ? code : ctx.invalid('not_a_currency');
  },
};

/** An object whose amounts are in its own `currency`, or in that of the object around it. */
export const withCurrency = <F extends Field<unknown>>(field: F): F => ({
  ...field,
  parse: (value: Exclude<CleanValue, undefined>, ctx: FieldContext) => {
    const given = isObject(value) ? value.currency : undefined;
    const code = isGiven(given) ? currency.parse(given, ctx.silent()) : undefined;
    return field.parse(value, code === undefined ? ctx : ctx.with({ currency: code }));
  },
});
