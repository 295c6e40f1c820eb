import { isArray, isObject, isText, type Json, type JsonObject } from '../json.ts';
import { isCurrency } from './values.ts';
import type { BrazeEvent } from './workspace.ts';

/** Why a value is wrong, or undefined. */
type Check = (value: Json) => string | undefined;

interface Schema {
  readonly required: Readonly<Record<string, Check>>;
  readonly optional: Readonly<Record<string, Check>>;
}

const text: Check = (value) => (isText(value) ? undefined : 'must be a non-empty string');
const currency: Check = (value) => (isCurrency(value) ? undefined : 'must be an ISO 4217 currency code');
const amount: Check = (value) =>
  typeof value === 'number' && value >= 0 ? undefined : 'must be a number of at least 0';
const integer: Check = (value) =>
  Number.isInteger(value) && Number(value) >= 0 ? undefined : 'must be an integer of at least 0';
const object: Check = (value) => (isObject(value) ? undefined : 'must be an object');
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    isText(value) && words.includes(value) ? undefined : `must be one of ${words.join(', ')}`;

const listOf =
  (check: Check, min = 0): Check =>
  (value) => {
    if (!isArray(value) || value.length < min) return min > 0 ? 'must be a non-empty array' : 'must be an array';
    return value.map(check).find((problem) => problem !== undefined);
  };

const matching =
  (schema: Schema): Check =>
  (value) =>
    isObject(value) ? schemaProblem(schema, value) : 'must hold objects';

const schemaProblem = ({ required, optional }: Schema, object: JsonObject): string | undefined => {
  const missing = Object.keys(required).find((name) => !Object.hasOwn(object, name));
  if (missing !== undefined) return `'${missing}' is required`;
  const checks = new Map(Object.entries({ ...required, ...optional }));
  for (const [name, value] of Object.entries(object)) {
    const check = checks.get(name);
    if (!check) return `'${name}' is not allowed`;
    const problem = check(value);
    if (problem !== undefined) return `'${name}' ${problem}`;
  }
  return undefined;
};

const product = matching({
  required: { product_id: text, product_name: text, variant_id: text, quantity: integer, price: amount },
  optional: { image_url: text, product_url: text, metadata: object },
});
const discount = matching({ required: {}, optional: { code: text, amount, type: text } });
const order = { currency, source: text, total_value: amount, products: listOf(product) };
const costs = { subtotal_value: amount, tax: amount, shipping: amount };
const discounts = { total_discounts: amount, discounts: listOf(discount) };
const metadata = object;

/** https://www.braze.com/docs/user_guide/data/activation/events/recommended_events/ */
const schemas = new Map<string, Schema>([
  [
    'ecommerce.product_viewed',
    {
      required: { product_id: text, product_name: text, variant_id: text, price: amount, currency, source: text },
      optional: {
        image_url: text,
        product_url: text,
        type: listOf(oneOf('price_drop', 'back_in_stock')),
        metadata,
      },
    },
  ],
  [
    'ecommerce.cart_updated',
    {
      required: { cart_id: text, currency, source: text, products: listOf(product, 1) },
      optional: { action: oneOf('add', 'remove', 'replace'), total_value: amount, ...costs, metadata },
    },
  ],
  [
    'ecommerce.checkout_started',
    { required: { checkout_id: text, ...order }, optional: { cart_id: text, ...costs, metadata } },
  ],
  [
    'ecommerce.order_placed',
    { required: { order_id: text, ...order }, optional: { cart_id: text, ...costs, ...discounts, metadata } },
  ],
  [
    'ecommerce.order_cancelled',
    { required: { order_id: text, cancel_reason: text, ...order }, optional: { ...costs, ...discounts, metadata } },
  ],
  ['ecommerce.order_refunded', { required: { order_id: text, ...order }, optional: { ...discounts, metadata } }],
]);

/** Why Braze drops a recommended e-commerce event, or undefined. Any other name is an ordinary custom event. */
export const ecommerceProblem = (name: string, properties: JsonObject): string | undefined => {
  const schema = schemas.get(name);
  if (!schema) return undefined;
  const problem = schemaProblem(schema, properties);
  if (problem !== undefined) return problem;
  const { action = 'replace', total_value } = properties;
  const isTotalMissing = name === 'ecommerce.cart_updated' && action === 'replace' && total_value === undefined;
  return isTotalMissing ? "'total_value' is required when the cart is replaced" : undefined;
};

/** Why a cart update does not count, given what happened before. */
export const cartProblem = (event: BrazeEvent, history: readonly BrazeEvent[]): string | undefined => {
  if (event.name !== 'ecommerce.cart_updated') return undefined;
  const same = history.filter(({ properties }) => properties.cart_id === event.properties.cart_id);
  if (same.some(({ name }) => name === 'ecommerce.checkout_started')) return 'the cart is in checkout';
  const isLate = same.some(({ name, time }) => name === event.name && time >= event.time);
  return isLate ? "not later than the cart's last update" : undefined;
};
