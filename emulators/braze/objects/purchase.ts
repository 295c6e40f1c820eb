import { isText, type Json, lengthOf } from '../../json.ts';
import type { Call, Drop } from '../endpoint.ts';
import type { Purchase } from '../profile.ts';
import { ItemRefused } from '../refusal.ts';
import { applyTo, asItem, targetOf } from './item.ts';
import { timeOf } from './moment.ts';
import { propertiesOf } from './properties.ts';

const RESERVED = ['time', 'product_id', 'quantity', 'event_name', 'price', 'currency'];
const currencies = new Set(Intl.supportedValuesOf('currency'));

const productOf = (value: Json | undefined): string => {
  if (!isText(value) || lengthOf(value) > 255) throw new ItemRefused('BAD_PRODUCT_ID');
  return value;
};

const currencyOf = (value: Json | undefined): string => {
  if (!isText(value) || !currencies.has(value)) throw new ItemRefused('BAD_CURRENCY');
  return value;
};

const priceOf = (value: Json | undefined): number => {
  if (typeof value !== 'number') throw new ItemRefused('BAD_PRICE');
  return value;
};

const quantityOf = (value: Json = 1): number => {
  const isQuantity = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 100;
  if (!isQuantity) throw new ItemRefused('BAD_QUANTITY');
  return value;
};

/** Checks a purchase object; what comes back records it. */
export const readPurchase = (value: Json, call: Call, drop: Drop): (() => void) => {
  const item = asItem(value);
  const target = targetOf(item, call, drop, call.settings.aliasEventsCreate);
  const purchase: Purchase = {
    product_id: productOf(item.product_id),
    currency: currencyOf(item.currency),
    price: priceOf(item.price),
    quantity: quantityOf(item.quantity),
    time: timeOf(item.time, call.now),
    properties: propertiesOf(item.properties, RESERVED, drop),
  };
  return () => applyTo(call, target, [({ purchases }) => purchases.push(purchase)]);
};
