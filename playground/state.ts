import * as v from 'valibot';

/** What the emulated Braze does with the request. */
export const BRAZE_MODES = [
  'well',
  'down',
  'slow',
  'hanging',
  'wrong key',
  '429',
  'refuses a part',
  'after processing',
] as const;
export type BrazeMode = (typeof BRAZE_MODES)[number];

const text = v.fallback(v.string(), '');

/** All that a person can set on the page. A variable without an entry was never filled. */
const State = v.object({
  node: v.string(),
  input: text,
  variables: v.fallback(v.record(v.string(), v.string()), {}),
  platform: text,
  page: text,
  language: text,
  /** The external id in the signed link that opened the chat; empty where no link did. */
  linkedId: text,
  country: text,
  dateOrder: text,
  braze: v.fallback(v.picklist(BRAZE_MODES), 'well'),
  decision: v.fallback(v.picklist(['success', 'outcome']), 'success'),
  /** What Next?; empty for a route to nowhere in particular for each value. */
  routes: text,
  /** The profiles that Braze holds before the call: the JSON of a list of user attributes objects. */
  before: text,
});
export type State = v.InferOutput<typeof State>;

/** The state as the fragment of a link, which browsers never send to a server. */
export const toFragment = (state: State): string => {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
};

/** The state in a link; `undefined` where the fragment holds none. */
export const parseFragment = (fragment: string): State | undefined => {
  try {
    const binary = atob(fragment.replace(/^#/, '').replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const parsed = v.safeParse(State, JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
};

/** A customer, and a visitor who has not given a customer id yet. */
const PROFILES_BEFORE = [
  {
    external_id: 'customer-20417',
    first_name: 'Augusta',
    email: 'ada.lovelace@example.com',
    loyalty_number: '4711',
    subscription_groups: [
      { subscription_group_id: '0d5f3a52-6a2c-4f0e-9a45-3f6f6f6c2b11', subscription_state: 'subscribed' },
    ],
  },
  { user_alias: { alias_name: 'visitor-7', alias_label: 'pypestream' }, favourite_colour: 'green' },
];

/** What the page shows at first, and after another node was chosen. */
export const createState = (
  node: string,
  { recipe, variables }: { readonly recipe: string; readonly variables: Readonly<Record<string, string>> },
): State => ({
  node,
  input: recipe,
  variables: { ...variables },
  platform: 'Mac OS X10_14_4',
  page: 'https://shop.example.com/summer?utm_source=newsletter&utm_campaign=summer_sale',
  language: 'en-GB',
  linkedId: '',
  country: '',
  dateOrder: '',
  braze: 'well',
  decision: 'success',
  routes: '',
  before: JSON.stringify(PROFILES_BEFORE, undefined, 2),
});
