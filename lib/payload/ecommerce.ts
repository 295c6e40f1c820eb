import { getOwn, isJsonObject, type Json, type JsonObject } from '../json.ts';
import { isTooLarge } from './custom.ts';
import { currency, withCurrency } from './fields/currency.ts';
import { price, toInteger } from './fields/number.ts';
import { shortText } from './fields/text.ts';
import { properties } from './properties.ts';
import {
  type CleanValue,
  type Field,
  type FieldContext,
  isObject,
  isSame,
  list,
  type Members,
  parseMembers,
  reportUnknownKeys,
  required,
  toObjectSchema,
  validIfPresent,
} from './schema.ts';

/** Not negative, because refunds and cancellations also have positive amounts. */
const amount: Field<number> = {
  ...price,
  sends: 'a number of at least 0',
  invalidWhen: 'it is neither a number nor the text of one, is negative, or names another currency',
  parse: (value, ctx) => {
    const number = price.parse(value, ctx);
    return number !== undefined && number < 0 ? ctx.invalid('out_of_range') : number;
  },
};

const quantity: Field<number> = {
  sends: 'an integer of at least 0',
  invalidWhen: 'it is neither such an integer nor the text of one',
  schema: { type: ['integer', 'string'] },
  parse: (value, ctx) => {
    const integer = toInteger(value, ctx.options.language);
    if (integer === undefined) return ctx.invalid('not_an_integer');
    return integer < 0 ? ctx.invalid('out_of_range') : integer;
  },
};

const oneOf = (...words: readonly string[]): Field<string> => ({
  sends: words.map((word) => `\`${word}\``).join(', '),
  invalidWhen: 'it is another word (letter case is ignored)',
  schema: { type: 'string', enum: words },
  parse: (value, ctx) =>
    words.find((word) => typeof value === 'string' && word === value.toLowerCase()) ?? ctx.invalid('unknown_value'),
});

/** Adds properties to the `metadata` of an event or a product, without replacing any. */
const addMetadata = (properties: JsonObject, more: JsonObject): JsonObject =>
  Object.keys(more).length === 0
    ? properties
    : { ...properties, metadata: { ...more, ...(isJsonObject(properties.metadata) && properties.metadata) } };

const metadata = properties([]);
const otherProperties = properties(['time', 'event_name']);

type Check = (parsed: JsonObject, ctx: FieldContext) => JsonObject | undefined;

/**
 * An object of Braze's strict schema. For one property that the schema does not have Braze drops the whole event, so
 * such properties move into its `metadata`.
 */
const strictObject = (members: Members<Json>, check: Check = (parsed) => parsed): Field<JsonObject> => {
  const known = { ...members, metadata };
  return {
    sends: 'the properties of Braze’s schema with their types, any others in `metadata`',
    invalidWhen: 'a required property is missing or invalid',
    schema: { ...toObjectSchema(known), additionalProperties: true },
    parse: (value, ctx) => {
      if (!isObject(value)) return ctx.invalid('wrong_type');
      const others = Object.entries(value).filter(([name]) => !Object.hasOwn(known, name));
      const parsed = parseMembers<Json>(known, value, ctx);
      const moved = others.length > 0 ? otherProperties.parse(Object.fromEntries(others), ctx) : undefined;
      const checked = parsed && check(parsed, ctx);
      if (checked === undefined || moved === undefined) return checked;
      for (const [name, property] of Object.entries(moved)) {
        const earlier = getOwn(checked.metadata, name);
        if (earlier !== undefined && !isSame(earlier, property)) ctx.child(name).invalid('duplicate');
      }
      return addMetadata(checked, moved);
    },
  };
};

/** An item of an event's `products`. */
export const product = strictObject({
  product_id: required(shortText),
  product_name: required(shortText),
  variant_id: required(shortText),
  quantity: required(quantity),
  price: required(amount),
  image_url: shortText,
  product_url: shortText,
});

/** Invalid if one product is invalid, because an order without it would be another order. */
const products: Field<readonly JsonObject[]> = {
  sends: 'a list of products',
  invalidWhen: 'it is not a list, it is empty, or one of its products is invalid',
  schema: { type: 'array', minItems: 1, items: product.schema },
  parse: (value, ctx) => {
    if (!Array.isArray(value)) return ctx.invalid('wrong_type');
    const parsed = value.flatMap((item: CleanValue, index) =>
      item === undefined ? [] : [ctx.child(index).parse(product, item)],
    );
    if (parsed.length === 0) return ctx.invalid('empty');
    const valid = parsed.filter((item) => item !== undefined);
    return valid.length === parsed.length ? valid : undefined;
  },
};

// Without an invalid amount, the rest would be another discount.
const discountMembers = { code: shortText, amount: validIfPresent(amount), type: shortText };
const discount: Field<JsonObject> = {
  sends: '`code`, `amount`, `type`',
  invalidWhen: 'it has none of them, or its `amount` is given and invalid',
  schema: toObjectSchema(discountMembers),
  parse: (value, ctx) => {
    if (!isObject(value)) return ctx.invalid('wrong_type');
    reportUnknownKeys(value, Object.keys(discountMembers), ctx);
    const parsed = parseMembers<Json>(discountMembers, value, ctx);
    return parsed !== undefined && Object.keys(parsed).length > 0 ? parsed : undefined;
  },
};
const discounts = { total_discounts: amount, discounts: list(discount) };
const costs = { subtotal_value: amount, tax: amount, shipping: amount };
const order = {
  currency: required(currency),
  source: required(shortText),
  total_value: required(amount),
  products: required(products),
};

/** `total_value` is required to replace a cart, but not to add or remove products. */
const checkCartTotal: Check = (cart, ctx) =>
  cart.total_value === undefined && (cart.action === undefined || cart.action === 'replace')
    ? ctx.child('total_value').invalid('missing')
    : cart;

const event = (members: Members<Json>, check?: Check): Field<JsonObject> => {
  const strict = withCurrency(strictObject(members, check));
  return {
    ...strict,
    parse: (value, ctx) => {
      const parsed = strict.parse(value, ctx);
      return parsed !== undefined && isTooLarge(parsed) ? ctx.invalid('too_large') : parsed;
    },
  };
};

/**
 * The properties of Braze's recommended e-commerce events. Braze drops an event that does not fit its schema, and reports
 * that only in `errors`, beside success.
 * https://www.braze.com/docs/user_guide/data/activation/events/recommended_events/
 */
export const RECOMMENDED_EVENTS: ReadonlyMap<string, Field<JsonObject>> = new Map([
  [
    'ecommerce.product_viewed',
    event({
      product_id: required(shortText),
      product_name: required(shortText),
      variant_id: required(shortText),
      price: required(amount),
      currency: required(currency),
      source: required(shortText),
      image_url: shortText,
      product_url: shortText,
      type: list(oneOf('price_drop', 'back_in_stock')),
    }),
  ],
  [
    'ecommerce.cart_updated',
    event(
      {
        cart_id: required(shortText),
        ...order,
        total_value: amount,
        // Without its action, an update would replace the cart.
        action: validIfPresent(oneOf('add', 'remove', 'replace')),
        ...costs,
      },
      checkCartTotal,
    ),
  ],
  ['ecommerce.checkout_started', event({ checkout_id: required(shortText), ...order, cart_id: shortText, ...costs })],
  [
    'ecommerce.order_placed',
    event({ order_id: required(shortText), ...order, cart_id: shortText, ...costs, ...discounts }),
  ],
  [
    'ecommerce.order_cancelled',
    event({ order_id: required(shortText), cancel_reason: required(shortText), ...order, ...costs, ...discounts }),
  ],
  ['ecommerce.order_refunded', event({ order_id: required(shortText), ...order, ...discounts })],
]);

/**
 * Adds the properties of the chat session to those of an event, without replacing any; to `metadata` for a recommended
 * event, because its schema allows no other properties.
 */
export const addSessionProperties = (name: string, properties: JsonObject, session: JsonObject): JsonObject =>
  RECOMMENDED_EVENTS.has(name) ? addMetadata(properties, session) : { ...session, ...properties };
