import { ENDPOINTS } from '../../emulators/braze/gateway.ts';
import type { Method } from '../../lib/braze/endpoint.ts';
import type { Node } from '../nodes.ts';
import { code, codes, toTable } from './words.ts';

/** Something that a conversation wants of Braze. */
export interface Use {
  readonly use: string;
  readonly method: Method;
  readonly paths: readonly string[];
  /** What a flow branches on. */
  readonly outcomes: readonly string[];
  /** How its node comes about: it is shipped, `npm run new-node` makes it, or its mapping is written by hand. */
  readonly node: { readonly shipped: readonly string[] } | 'generated' | 'written';
}

/** What conversations want most of Braze. */
export const USES: readonly Use[] = [
  {
    use: 'update a profile, record events and purchases',
    method: 'POST',
    paths: ['users/track'],
    outcomes: ['sent', 'partial'],
    node: { shipped: ['track-user', 'track-event', 'track-purchase', 'set-subscription'] },
  },
  {
    use: 'read a profile',
    method: 'POST',
    paths: ['users/export/ids'],
    outcomes: ['found', 'not_found'],
    node: { shipped: ['get-profile'] },
  },
  {
    use: 'list the subscription groups of a person',
    method: 'GET',
    paths: ['subscription/user/status'],
    outcomes: ['found', 'not_found'],
    node: 'generated',
  },
  {
    use: 'read the state in a subscription group',
    method: 'GET',
    paths: ['subscription/status/get'],
    outcomes: ['subscribed', 'unsubscribed', 'unknown'],
    node: { shipped: ['get-subscription'] },
  },
  {
    use: 'set the state in subscription groups',
    method: 'POST',
    paths: ['v2/subscription/status/set'],
    outcomes: ['sent'],
    node: 'generated',
  },
  {
    use: 'enter a Canvas',
    method: 'POST',
    paths: ['canvas/trigger/send'],
    outcomes: ['sent', 'paused'],
    node: { shipped: ['trigger-canvas'] },
  },
  {
    use: 'send a campaign',
    method: 'POST',
    paths: ['campaigns/trigger/send'],
    outcomes: ['sent', 'paused'],
    node: { shipped: ['trigger-campaign'] },
  },
  {
    use: 'send a transactional email',
    method: 'POST',
    paths: ['transactional/v1/campaigns/{campaign_id}/send'],
    outcomes: ['sent'],
    node: { shipped: ['send-transactional'] },
  },
  {
    use: 'merge two profiles',
    method: 'POST',
    paths: ['users/merge'],
    outcomes: ['sent'],
    node: { shipped: ['merge-user'] },
  },
  {
    use: 'give an anonymous profile its external id',
    method: 'POST',
    paths: ['users/identify'],
    outcomes: ['sent', 'rejected'],
    node: { shipped: ['identify-user'] },
  },
  {
    use: 'read an item of a catalog',
    method: 'GET',
    paths: ['catalogs/{catalog_name}/items/{item_id}'],
    outcomes: ['found', 'not_found'],
    node: { shipped: ['get-catalog-item'] },
  },
  {
    use: 'ask to be told of a price drop or when an item is back',
    method: 'POST',
    paths: ['users/track'],
    outcomes: ['sent'],
    node: { shipped: ['track-event'] },
  },
  {
    use: 'record a recommended e-commerce event',
    method: 'POST',
    paths: ['users/track'],
    outcomes: ['sent', 'invalid'],
    node: { shipped: ['track-event'] },
  },
  {
    use: 'get the address of a preference center',
    method: 'GET',
    paths: ['preference_center/v1/{preference_center_id}/url/{external_id}'],
    outcomes: ['found', 'not_found'],
    node: { shipped: ['get-preference-center'] },
  },
  {
    use: 'schedule a campaign',
    method: 'POST',
    paths: ['campaigns/trigger/schedule/create'],
    outcomes: ['scheduled'],
    node: 'written',
  },
  {
    use: 'schedule a Canvas',
    method: 'POST',
    paths: ['canvas/trigger/schedule/create'],
    outcomes: ['scheduled'],
    node: 'written',
  },
  {
    use: 'cancel what is scheduled',
    method: 'POST',
    paths: ['campaigns/trigger/schedule/delete', 'canvas/trigger/schedule/delete'],
    outcomes: ['cancelled', 'not_found'],
    node: 'written',
  },
  {
    use: 'give a profile an alias',
    method: 'POST',
    paths: ['users/alias/new'],
    outcomes: ['sent', 'rejected'],
    node: 'generated',
  },
  {
    use: 'change an alias',
    method: 'POST',
    paths: ['users/alias/update'],
    outcomes: ['sent', 'not_found'],
    node: 'written',
  },
  {
    use: 'rename an external id',
    method: 'POST',
    paths: ['users/external_ids/rename'],
    outcomes: ['sent', 'rejected'],
    node: 'generated',
  },
  {
    use: 'set the email state by address',
    method: 'POST',
    paths: ['email/status'],
    outcomes: ['sent'],
    node: 'generated',
  },
  {
    use: 'delete a person',
    method: 'POST',
    paths: ['users/delete'],
    outcomes: ['deleted', 'not_found'],
    node: 'generated',
  },
  {
    use: 'send a message without a campaign',
    method: 'POST',
    paths: ['messages/send'],
    outcomes: ['sent'],
    node: 'written',
  },
  {
    use: 'take an address off a list of invalid ones',
    method: 'POST',
    paths: ['sms/invalid_phone_numbers/remove', 'email/bounce/remove', 'email/spam/remove'],
    outcomes: ['sent'],
    node: 'generated',
  },
  {
    use: 'change an item of a catalog',
    method: 'PATCH',
    paths: ['catalogs/{catalog_name}/items/{item_id}'],
    outcomes: ['updated', 'not_found'],
    node: 'generated',
  },
];

/** What the emulator knows of the endpoint: its permission, its rate limit and the page of Braze's that says so. */
const findEmulated = (method: Method, path: string) => {
  const found = ENDPOINTS.find((endpoint) => (endpoint.method ?? 'POST') === method && endpoint.path === path);
  if (found === undefined) throw new Error(`The emulator does not know ${method} ${path}.`);
  return found;
};

const PERIODS: ReadonlyMap<number, string> = new Map([
  [3_000, 'in 3 s'],
  [60_000, 'a minute'],
  [3_600_000, 'an hour'],
]);

const toLinks = (names: readonly string[]): string => names.map((name) => `[${name}](nodes.md#${name})`).join(', ');

const describeNode = ({ method, paths, node }: Use, nodes: readonly Node[]): string => {
  if (typeof node !== 'string') return toLinks(node.shipped);
  const made = nodes.filter(({ endpoint }) => (endpoint.method ?? 'POST') === method && paths.includes(endpoint.path));
  if (made.length > 0) return toLinks(made.map(({ name }) => name));
  return node === 'generated' ? '`npm run new-node`' : '`npm run new-node`, then its mapping by hand';
};

/** The table of `docs/endpoints.md`. */
export const toEndpointTable = (nodes: readonly Node[]): string =>
  toTable(
    ['', 'to …', 'Braze endpoint', 'permission', 'rate limit', 'outcomes beside the common ones', 'node'],
    USES.map((one, index) => {
      const { use, method, paths, outcomes } = one;
      const emulated = paths.map((path) => findEmulated(method, path));
      const limits = emulated.map(({ rate }) =>
        rate === undefined ? 'by contract' : `${rate.limit.toLocaleString('en')} ${PERIODS.get(rate.perMs)}`,
      );
      return [
        String(index + 1),
        use,
        emulated.map(({ path, page }) => `[${code(`${method} ${path}`)}](${page})`).join(', '),
        codes(emulated.map(({ permission }) => permission)),
        [...new Set(limits)].join(', '),
        codes(outcomes),
        describeNode(one, nodes),
      ];
    }),
  );

/** The nodes that the list calls shipped and that are not there, each with the endpoint that it is listed for. */
export const findMislisted = (nodes: readonly Node[]): readonly string[] => {
  const there = nodes.map(({ name, endpoint }) => `${name}: ${endpoint.method ?? 'POST'} ${endpoint.path}`);
  return USES.flatMap(({ method, paths, node }) =>
    typeof node === 'string' ? [] : node.shipped.flatMap((name) => paths.map((path) => `${name}: ${method} ${path}`)),
  ).filter((line) => !there.includes(line));
};
