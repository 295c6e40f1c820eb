import * as v from 'valibot';
import { hasSuccessMessage } from '../lib/braze/response.ts';
import { getNested, toText } from '../lib/braze/values.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { defineNode } from '../lib/node/definition.ts';
import { catalogFields } from '../lib/payload/catalog-fields.ts';
import { shortText } from '../lib/payload/fields/text.ts';
import { object, required } from '../lib/payload/schema.ts';

const Missing = v.object({
  errors: v.pipe(v.array(v.object({ id: v.picklist(['item-not-found', 'catalog-not-found']) })), v.minLength(1)),
});
const Found = v.object({ items: v.strictTuple([v.record(v.string(), v.unknown())]) });

/** https://www.braze.com/docs/api/endpoints/catalogs/catalog_items/synchronous/get_catalog_item_details/ */
export const getCatalogItem = defineNode({
  name: 'get-catalog-item',
  description: 'Looks up an item of a catalog (`found` or `not_found`), so that the conversation can use it.',
  example: {
    payload: { catalog_name: 'trips', item_id: '{TRIP_ID}', fields: ['name', 'price'] },
    variables: ['BRAZE_NAME', 'BRAZE_PRICE'],
  },
  endpoint: {
    method: 'GET',
    path: 'catalogs/{catalog_name}/items/{item_id}',
    permission: 'catalogs.get_item',
    isAnswer: (status, body) => hasSuccessMessage(status, body) || (status === 404 && v.is(Missing, body)),
    isIdempotent: () => true,
    queueOnFailure: false,
    // Braze allows 50 such requests a minute.
    cacheSeconds: 60,
  },
  identifiers: [],
  payload: object({
    catalog_name: required(shortText),
    item_id: required(shortText),
    fields: required(catalogFields),
  }),
  toRequest: ({ catalog_name, item_id }) => ({ parameters: { catalog_name, item_id } }),
  outcomes: { found: 'true', not_found: 'false' },
  readResponse: ({ status, body }, { fields }) => {
    if (status === 404) return { outcome: 'not_found', detail: 'Braze has no such item, or no such catalog.' };
    const found = v.safeParse(Found, body);
    if (!found.success) return { outcome: 'unavailable', detail: 'Braze answered without an item.' };
    const [item] = found.output.items;
    const values = Object.fromEntries(fields.map(({ key, name }) => [key, toText(getNested(item, name))]));
    return { outcome: 'found', detail: 'Braze has the item.', values };
  },
});

export const handler = createHandler(getCatalogItem);
