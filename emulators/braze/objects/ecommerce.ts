import { isArray, isObject, type Json, type JsonObject } from '../../json.ts';
import type { BrazeEvent } from '../profile.ts';
import { ItemRefused } from '../refusal.ts';

const ORDER = ['order_id', 'total_value', 'currency', 'products', 'source'];

const required = new Map([
  ['ecommerce.product_viewed', ['product_id', 'product_name', 'variant_id', 'price', 'currency', 'source']],
  ['ecommerce.cart_updated', ['cart_id', 'total_value', 'currency', 'products', 'source']],
  ['ecommerce.checkout_started', ['checkout_id', 'total_value', 'currency', 'products', 'source']],
  ['ecommerce.order_placed', ORDER],
  ['ecommerce.order_refunded', ORDER],
]);

const isMissing = (value: Json | undefined): boolean => value === undefined || value === null;

const isProduct = (value: Json): boolean =>
  isObject(value) &&
  !['product_id', 'product_name', 'variant_id'].some((key) => isMissing(value[key])) &&
  Number.isInteger(value.quantity) &&
  typeof value.price === 'number';

const areProducts = (value: Json | undefined): boolean => isArray(value) && value.every(isProduct);

/** Refuses a recommended e-commerce event without its required properties. */
export const checkEcommerce = (name: string, properties: JsonObject): void => {
  const keys = required.get(name);
  if (!keys) return;
  if (keys.some((key) => isMissing(properties[key]))) throw new ItemRefused('BAD_PROPERTIES');
  if (keys.includes('products') && !areProducts(properties.products)) throw new ItemRefused('BAD_PROPERTIES');
  if (keys.includes('price') && typeof properties.price !== 'number') throw new ItemRefused('BAD_PROPERTIES');
  const isEmptyCart = name === 'ecommerce.cart_updated' && isArray(properties.products) && !properties.products.length;
  if (isEmptyCart) throw new ItemRefused('BAD_PROPERTIES');
};

/** Why a cart update does not count, given what happened before. */
export const cartProblem = (event: BrazeEvent, history: readonly BrazeEvent[]): string | undefined => {
  if (event.name !== 'ecommerce.cart_updated') return undefined;
  const same = history.filter(({ properties }) => properties.cart_id === event.properties.cart_id);
  if (same.some(({ name }) => name === 'ecommerce.checkout_started')) return 'the cart is in checkout';
  const isLate = same.some(({ name, time }) => name === event.name && time >= event.time);
  return isLate ? "not later than the cart's last update" : undefined;
};
