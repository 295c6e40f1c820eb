import { isArray, isObject, type Json, type JsonObject } from '../json.ts';
import { API, type Call, type Endpoint, type Rate, type Reply, RequestError, success } from './endpoint.ts';

/** All synchronous item endpoints share one limit: https://www.braze.com/docs/api/api_limits/ */
const RATE: Rate = { pool: 'synchronous catalog items', limit: 50, perMs: 60_000 };
const MAX_ID_CHARACTERS = 250;

const catalogError = (status: number, id: string, message: string, parameters: JsonObject = {}): RequestError =>
  new RequestError('Invalid Request', status, [
    { id, message, parameters: Object.keys(parameters), parameter_values: Object.values(parameters) },
  ]);

const findCatalog = ({ workspace, params }: Call): Map<string, JsonObject> => {
  const { catalog_name = '' } = params;
  const catalog = workspace.catalogs.get(catalog_name);
  if (!catalog) throw catalogError(404, 'catalog-not-found', 'Could not find catalog', { catalog_name });
  return catalog;
};

const findItem = (catalog: Map<string, JsonObject>, { params }: Call): JsonObject => {
  const { item_id = '' } = params;
  const item = catalog.get(item_id);
  if (!item) throw catalogError(404, 'item-not-found', 'Could not find item', { item_id });
  return item;
};

/** A catalog has the fields that its items have. */
const readItem = (catalog: Map<string, JsonObject>, { body, params }: Call): JsonObject => {
  const { item_id = '' } = params;
  const { items } = body;
  if (!isArray(items) || !items.every(isObject)) {
    throw catalogError(400, 'item-array-invalid', "'items' must be an array of objects");
  }
  const [item, ...others] = items;
  if (!item || others.length > 0) {
    throw catalogError(400, 'request-includes-too-many-items', 'Only one item may be sent in a request');
  }
  if (item_id.length > MAX_ID_CHARACTERS)
    throw catalogError(400, 'ids-too-large', 'The item id is too long', { item_id });
  if (!/^[\w-]+$/.test(item_id))
    throw catalogError(400, 'invalid-ids', 'The item id has other characters', { item_id });
  if (Object.hasOwn(item, 'id'))
    throw catalogError(400, 'id-in-body', 'The body must not have an id', { id: item.id ?? null });
  const known = new Set([...catalog.values()].flatMap((one) => Object.keys(one)));
  const unknown = Object.entries(item).filter(([field]) => !known.has(field));
  if (unknown.length > 0) {
    const message = 'Some of the fields given do not exist in the catalog';
    throw catalogError(400, 'invalid-fields', message, Object.fromEntries(unknown));
  }
  return item;
};

/** `$add` and `$remove` change an array; anything else replaces the value. */
const edit = (before: Json | undefined, after: Json): Json => {
  const { $add = [], $remove = [] } = isObject(after) ? after : {};
  const isChange =
    isObject(after) &&
    Object.keys(after).length > 0 &&
    Object.keys(after).every((key) => key === '$add' || key === '$remove');
  if (!isChange || !isArray($add) || !isArray($remove)) return after;
  return [...(isArray(before) ? before : []), ...$add].filter((value) => !$remove.includes(value));
};

const getItem = (call: Call): Reply => ({
  status: 200,
  body: { items: [findItem(findCatalog(call), call)], message: 'success' },
});

const editItem = (call: Call): Reply => {
  const catalog = findCatalog(call);
  const before = findItem(catalog, call);
  const fields = Object.entries(readItem(catalog, call)).map(
    ([name, value]) => [name, edit(before[name], value)] as const,
  );
  catalog.set(call.params.item_id ?? '', { ...before, ...Object.fromEntries(fields) });
  return success(200);
};

const replaceItem = (call: Call): Reply => {
  const catalog = findCatalog(call);
  const id = call.params.item_id ?? '';
  catalog.set(id, { id, ...readItem(catalog, call) });
  return success(200);
};

const deleteItem = (call: Call): Reply => {
  const catalog = findCatalog(call);
  findItem(catalog, call);
  catalog.delete(call.params.item_id ?? '');
  return success(202);
};

const item = (
  method: Endpoint['method'],
  permission: string,
  page: string,
  respond: Endpoint['respond'],
): Endpoint => ({
  method,
  path: 'catalogs/{catalog_name}/items/{item_id}',
  permission,
  rate: RATE,
  page: `${API}/catalogs/catalog_items/synchronous/${page}/`,
  respond,
});

export const catalogEndpoints: readonly Endpoint[] = [
  item('GET', 'catalogs.get_item', 'get_catalog_item_details', getItem),
  item('PATCH', 'catalogs.update_item', 'patch_catalog_item', editItem),
  item('PUT', 'catalogs.replace_item', 'put_update_catalog_item', replaceItem),
  item('DELETE', 'catalogs.delete_item', 'delete_catalog_item', deleteItem),
];
