import { ENDPOINTS } from '../../emulators/braze/gateway.ts';
import { METHODS, type Method } from '../../lib/braze/endpoint.ts';
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

/** What conversations want most of Braze: what for, the endpoint, what a flow branches on, and its nodes. */
const TABLE = `
update a profile, record events and purchases | POST users/track | sent partial | track-user track-event track-purchase set-subscription
read a profile | POST users/export/ids | found not_found | get-profile
list the subscription groups of a person | GET subscription/user/status | found not_found | generated
read the state in a subscription group | GET subscription/status/get | subscribed unsubscribed unknown | get-subscription
set the state in subscription groups | POST v2/subscription/status/set | sent | generated
enter a Canvas | POST canvas/trigger/send | sent paused | trigger-canvas
send a campaign | POST campaigns/trigger/send | sent paused | trigger-campaign
send a transactional email | POST transactional/v1/campaigns/{campaign_id}/send | sent | send-transactional
merge two profiles | POST users/merge | sent | merge-user
give an anonymous profile its external id | POST users/identify | sent rejected | identify-user
read an item of a catalog | GET catalogs/{catalog_name}/items/{item_id} | found not_found | get-catalog-item
ask to be told of a price drop or when an item is back | POST users/track | sent | track-event
record a recommended e-commerce event | POST users/track | sent invalid | track-event
get the address of a preference center | GET preference_center/v1/{preference_center_id}/url/{external_id} | found not_found | get-preference-center
schedule a campaign | POST campaigns/trigger/schedule/create | scheduled | written
schedule a Canvas | POST canvas/trigger/schedule/create | scheduled | written
cancel what is scheduled | POST campaigns/trigger/schedule/delete canvas/trigger/schedule/delete | cancelled not_found | written
give a profile an alias | POST users/alias/new | sent rejected | generated
change an alias | POST users/alias/update | sent not_found | written
rename an external id | POST users/external_ids/rename | sent rejected | generated
set the email state by address | POST email/status | sent | generated
delete a person | POST users/delete | deleted not_found | generated
send a message without a campaign | POST messages/send | sent | written
take an address off a list of invalid ones | POST sms/invalid_phone_numbers/remove email/bounce/remove email/spam/remove | sent | generated
change an item of a catalog | PATCH catalogs/{catalog_name}/items/{item_id} | updated not_found | generated
`;

const splitWords = (text = ''): readonly string[] => text.trim().split(' ');

const parseUse = (line: string): Use => {
  const [use = '', endpoint, outcomes, nodes = ''] = line.split(' | ');
  const [word, ...paths] = splitWords(endpoint);
  const method = METHODS.find((one) => one === word);
  if (method === undefined) throw new Error(`There is no method in: ${line}`);
  const node = nodes === 'generated' || nodes === 'written' ? nodes : { shipped: splitWords(nodes) };
  return { use, method, paths, outcomes: splitWords(outcomes), node };
};

export const USES: readonly Use[] = TABLE.trim().split('\n').map(parseUse);

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
