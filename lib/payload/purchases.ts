import { shortText } from './custom.ts';
import { time } from './events.ts';
import type { Field } from './field.ts';
import { currency } from './fields/currency.ts';
import { toInteger } from './fields/number.ts';
import { price } from './fields/price.ts';
import { object, type Read, required, vital } from './object.ts';
import { properties } from './properties.ts';

const quantity: Field<number> = {
  becomes: 'an integer from 1 to 100',
  unusableWhen: 'it is neither such an integer nor the text of one',
  schema: { type: ['integer', 'string'], examples: ['1'] },
  read: (value, at) => {
    const count = toInteger(value);
    return count !== undefined && count >= 1 && count <= 100 ? count : at.refuse();
  },
};

/** What a purchase says, in `purchase`, in `purchases`, or as the payload of `track-purchase`. */
export const purchaseFields = {
  product_id: required(shortText),
  currency: required(currency),
  price: required(price),
  quantity,
  time: vital(time),
  properties: properties(['time', 'product_id', 'quantity', 'event_name', 'price', 'currency']),
} as const;

/** A purchase as the payload says it; the identifier and a missing `time` are added when it is sent. */
export type Purchase = Read<typeof purchaseFields>;

export const purchase: Field<Purchase> = object(purchaseFields, {
  becomes: 'a purchase',
  unusableWhen: 'its `product_id`, `currency` or `price` is missing or unusable, or its `time` is given and unusable',
});
