import { createIdentityToken } from '../../../lib/entry/identity-token.ts';
import { type ActionNode, otherwise, type UseCase } from '../conversation.ts';

const LINK_SECRET = 'demo-link-secret-that-is-long-enough';
const CUSTOMER = 'customer-20417';

const GROUP = '0d5f3a52-6a2c-4f0e-9a45-3f6f6f6c2b11';

const readProfile: ActionNode = {
  input: {
    node: 'get-profile',
    signed_id: '{CUSTOMER_TOKEN}',
    fields: ['first_name', 'custom_attributes.preferred_class'],
  },
  decision: 'outcome',
  whatNext: otherwise('greet without', { found: 'look up the item', not_found: 'greet without' }),
};

const lookUpItem: ActionNode = {
  input: { node: 'get-catalog-item', catalog_name: 'trains', item_id: '{PAGE_ITEM}', fields: ['name', 'price'] },
  decision: 'success',
  whatNext: { true: 'advise', false: 'greet without', error: 'greet without' },
};

const tellBraze: ActionNode = {
  input: {
    node: 'track-event',
    signed_id: '{CUSTOMER_TOKEN}',
    name: 'item_advised',
    properties: { item: '{PAGE_ITEM}', wanted: { $boolean: '{WANTED}' } },
    session: ['operating_system', 'language', 'browser', 'page', 'utm'],
  },
  decision: 'success',
  whatNext: { true: 'look up the offers', false: 'look up the offers', error: 'look up the offers' },
};

const lookUpSubscription: ActionNode = {
  input: {
    node: 'get-subscription',
    signed_id: '{CUSTOMER_TOKEN}',
    require_verified: 'true',
    subscription_group_id: GROUP,
  },
  decision: 'outcome',
  // Whoever has subscribed or unsubscribed has decided, and is not asked again.
  whatNext: otherwise('end', { unknown: 'ask', subscribed: 'end', unsubscribed: 'end' }),
};

const subscribe: ActionNode = {
  input: {
    node: 'set-subscription',
    signed_id: '{CUSTOMER_TOKEN}',
    require_verified: 'true',
    subscription_groups: [{ subscription_group_id: GROUP, subscription_state: 'subscribed' }],
  },
  decision: 'success',
  whatNext: { true: 'thank', false: 'hand over', error: 'hand over' },
};

/** The page's tags, the stored profile, the catalog and the subscriptions in one conversation. */
export const insights: UseCase = {
  title: 'Contextual customer insights: the page and what Braze holds decide together what the chat says',
  stage: {
    linkSecret: LINK_SECRET,
    profiles: [{ external_id: CUSTOMER, first_name: 'Ada', preferred_class: 'sleeper' }],
    catalogs: { trains: [{ id: 'night-train', name: 'Night train to Paris', price: 59 }] },
  },
  run: async (chat) => {
    chat.heading('The page');
    chat.open('https://www.example.com/trains/night-train?utm_source=newsletter&utm_campaign=spring', {
      user_browser: 'Mobile Safari 17',
    });
    chat.say('page', 'tag of the Event Listener: item = night-train');
    chat.set('PAGE_ITEM', 'night-train');
    chat.say('page', 'The customer is logged in; the shop’s server signs who it is.');
    chat.set('CUSTOMER_TOKEN', createIdentityToken(CUSTOMER, Math.floor(Date.now() / 1_000) + 3_600, LINK_SECRET));

    chat.heading('The conversation');
    const afterProfile = await chat.act(readProfile);
    const afterItem = await chat.act(lookUpItem);
    chat.say('bot', 'Hello {BRAZE_FIRST_NAME}, the {BRAZE_NAME} has seats from {BRAZE_PRICE} euros.');
    chat.ask('As ever in a {BRAZE_PREFERRED_CLASS}?', 'Yes', 'WANTED');
    await chat.act(tellBraze);
    const asked = await chat.act(lookUpSubscription);
    chat.ask('Shall we write to you when there are offers for this train?', 'Yes, please', 'NEWSLETTER');
    await chat.act(subscribe);
    const askedAgain = await chat.act(lookUpSubscription);

    chat.heading('Checks');
    const profile = chat.stage.braze.profile({ external_id: CUSTOMER });
    const { properties } = profile?.events[0] ?? {};
    chat.check(
      'The chat knew the class that this customer prefers.',
      afterProfile === 'look up the item' && chat.get('BRAZE_PREFERRED_CLASS') === 'sleeper',
    );
    chat.check(
      'It knew the name and the price of what the page shows.',
      afterItem === 'advise' && chat.get('BRAZE_NAME') === 'Night train to Paris' && chat.get('BRAZE_PRICE') === '59',
    );
    chat.check(
      'The event says on which page and from which campaign.',
      properties?.page === 'https://www.example.com/trains/night-train' && properties.utm_campaign === 'spring',
    );
    chat.check(
      'The profile has the system and the browser of the session.',
      profile?.custom_attributes.operating_system === 'iOS' && profile.custom_attributes.browser === 'Safari',
    );
    chat.check(
      'Who had not decided about offers was asked, is subscribed, and would not be asked again.',
      asked === 'ask' && profile?.subscription_groups[GROUP] === 'subscribed' && askedAgain === 'end',
    );
  },
};
