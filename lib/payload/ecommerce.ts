import type { Json, JsonObject } from '../json.ts';
import { parseProperty } from './custom.ts';
import { currency } from './fields/currency.ts';
import { price, toInteger } from './fields/number.ts';
import { shortText } from './fields/text.ts';
import { type CleanValue, type Field, type FieldContext, isObject } from './schema.ts';

const quantity: Field<number> = {
  sends: 'an integer',
  invalidWhen: 'it is neither an integer nor the text of one',
  schema: { type: ['integer', 'string'] },
  parse: (value, ctx) => toInteger(value, ctx.options.language) ?? ctx.invalid('not_an_integer'),
};

type Rules = { readonly [name: string]: Field<Json> };

/**
 * What could be read of an object, its required members by their rules; without one of them, nothing. The rules are
 * given what the payload says, not what could be read of it: a list has lost its invalid items there.
 */
export const withRequired = (
  rules: Rules,
  read: JsonObject,
  given: CleanValue,
  ctx: FieldContext,
): JsonObject | undefined => {
  const said = isObject(given) ? given : {};
  const required = Object.entries(rules).flatMap(([name, rule]) => {
    const value = Object.hasOwn(read, name) ? said[name] : undefined;
    const usable = value === undefined ? ctx.child(name).invalid('missing') : rule.parse(value, ctx.child(name));
    return usable === undefined ? [] : [[name, usable] as const];
  });
  return required.length === Object.keys(rules).length ? { ...read, ...Object.fromEntries(required) } : undefined;
};

const PRODUCT: Rules = { product_id: shortText, product_name: shortText, variant_id: shortText, quantity, price };

const readProduct = (value: CleanValue, ctx: FieldContext): JsonObject | undefined => {
  const read = parseProperty(value, ctx);
  return isObject(read) ? withRequired(PRODUCT, read, value, ctx) : ctx.invalid('wrong_type');
};

/** All or nothing: an order without one of its products would be another order. */
const products: Field<readonly JsonObject[]> = {
  sends: 'a list of products',
  invalidWhen: 'it is not a list, it is empty, or one of its products is invalid',
  schema: { type: 'array', minItems: 1, items: { type: 'object', required: Object.keys(PRODUCT) } },
  parse: (value, ctx) => {
    if (!Array.isArray(value)) return ctx.invalid('wrong_type');
    const read = value.flatMap((item: CleanValue, index) =>
      item === undefined ? [] : [readProduct(item, ctx.child(index))],
    );
    if (read.length === 0) return ctx.invalid('empty');
    const usable = read.filter((product) => product !== undefined);
    return usable.length === read.length ? usable : undefined;
  },
};

const SOLD: Rules = { total_value: price, currency, products, source: shortText };
const ORDER: Rules = { order_id: shortText, ...SOLD };

/** The properties that Braze requires of each recommended event (Braze, "E-commerce recommended events"). */
export const ECOMMERCE: ReadonlyMap<string, Rules> = new Map([
  [
    'ecommerce.product_viewed',
    {
      ...{ product_id: shortText, product_name: shortText, variant_id: shortText },
      ...{ price, currency, source: shortText },
    },
  ],
  ['ecommerce.cart_updated', { cart_id: shortText, ...SOLD }],
  ['ecommerce.checkout_started', { checkout_id: shortText, ...SOLD }],
  ['ecommerce.order_placed', ORDER],
  ['ecommerce.order_refunded', ORDER],
]);
