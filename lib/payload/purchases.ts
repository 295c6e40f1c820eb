import { time } from './events.ts';
import { currency, withCurrency } from './fields/currency.ts';
import { price, toInteger } from './fields/number.ts';
import { shortText } from './fields/text.ts';
import { properties } from './properties.ts';
import { type Field, type Output, object, required, validIfPresent } from './schema.ts';

const MIN_QUANTITY = 1;
const MAX_QUANTITY = 100;

const quantity: Field<number> = {
  sends: `an integer from ${MIN_QUANTITY} to ${MAX_QUANTITY}`,
  invalidWhen: 'it is neither such an integer nor the text of one',
  schema: { type: ['integer', 'string'], examples: ['1'] },
  parse: (value, ctx) => {
    const count = toInteger(value, ctx.options.language);
    if (count === undefined) return ctx.invalid('not_an_integer');
    return count >= MIN_QUANTITY && count <= MAX_QUANTITY ? count : ctx.invalid('out_of_range');
  },
};

/**
 * The fields of a purchase: in `purchase`, in `purchases` and in the payload of `track-purchase`.
 * https://www.braze.com/docs/api/objects_filters/purchase_object/
 */
export const purchaseFields = {
  product_id: required(shortText),
  currency: required(currency),
  price: required(price),
  // Braze counts a purchase without a quantity as one item, so an invalid one would make the revenue wrong.
  quantity: validIfPresent(quantity),
  time: validIfPresent(time),
  properties: properties(['time', 'product_id', 'quantity', 'event_name', 'price', 'currency']),
} as const;

/** A purchase without its identifier; a missing `time` is added when it is sent. */
export type Purchase = Output<typeof purchaseFields>;

export const purchase: Field<Purchase> = withCurrency(
  object(purchaseFields, {
    sends: 'a purchase',
    invalidWhen:
      'its `product_id`, `currency` or `price` is missing or invalid, or its `quantity` or `time` is given and invalid',
  }),
);
