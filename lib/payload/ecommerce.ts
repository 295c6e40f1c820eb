import type { Json, JsonObject } from '../json.ts';
import { readProperty, shortText } from './custom.ts';
import type { Cleaned, Field, Place } from './field.ts';
import { currency } from './fields/currency.ts';
import { toInteger } from './fields/number.ts';
import { price } from './fields/price.ts';
import { isObject } from './object.ts';

const quantity: Field<number> = {
  becomes: 'an integer',
  unusableWhen: 'it is neither an integer nor the text of one',
  schema: { type: ['integer', 'string'] },
  read: (value, at) => toInteger(value) ?? at.refuse(),
};

type Rules = { readonly [name: string]: Field<Json> };

/**
 * What could be read of an object, its required members by their rules; without one of them, nothing. The rules are
 * given what the payload says, not what could be read of it: a list has lost its unusable items there.
 */
export const withRequired = (rules: Rules, read: JsonObject, given: Cleaned, at: Place): JsonObject | undefined => {
  const said = isObject(given) ? given : {};
  const required = Object.entries(rules).flatMap(([name, rule]) => {
    const value = Object.hasOwn(read, name) ? said[name] : undefined;
    const usable = value === undefined ? at.at(name).refuse() : rule.read(value, at.at(name));
    return usable === undefined ? [] : [[name, usable] as const];
  });
  return required.length === Object.keys(rules).length ? { ...read, ...Object.fromEntries(required) } : undefined;
};

const PRODUCT: Rules = { product_id: shortText, product_name: shortText, variant_id: shortText, quantity, price };

const readProduct = (value: Cleaned, at: Place): JsonObject | undefined => {
  const read = readProperty(value, at);
  return isObject(read) ? withRequired(PRODUCT, read, value, at) : at.refuse();
};

/** All or nothing: an order without one of its products would be another order. */
const products: Field<readonly JsonObject[]> = {
  becomes: 'a list of products',
  unusableWhen: 'it is not a list, it is empty, or one of its products is unusable',
  schema: { type: 'array', minItems: 1, items: { type: 'object', required: Object.keys(PRODUCT) } },
  read: (value, at) => {
    if (!Array.isArray(value)) return at.refuse();
    const read = value.flatMap((item: Cleaned, index) => (item === undefined ? [] : [readProduct(item, at.at(index))]));
    if (read.length === 0) return at.refuse();
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
