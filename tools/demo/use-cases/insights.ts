import { createIdentityToken } from '../../../lib/entry/identity-token.ts';
import type { ActionNode, UseCase } from '../conversation.ts';

const LINK_SECRET = 'demo-link-secret-that-is-long-enough';
const CUSTOMER = 'customer-20417';

const readProfile: ActionNode = {
  input: {
    node: 'get-profile',
    signed_id: '{CUSTOMER_TOKEN}',
    fields: ['first_name', 'email_subscribe', 'custom_attributes.preferred_class'],
  },
  decision: 'outcome',
  whatNext: {
    found: 'advise',
    not_found: 'greet without',
    sent: 'greet without',
    partial: 'greet without',
    queued: 'greet without',
    invalid: 'greet without',
    unverified: 'greet without',
    rejected: 'greet without',
    misconfigured: 'greet without',
    in_doubt: 'greet without',
    unavailable: 'greet without',
  },
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
  whatNext: { true: 'newsletter', false: 'newsletter', error: 'newsletter' },
};

const subscribe: ActionNode = {
  input: {
    node: 'set-subscription',
    signed_id: '{CUSTOMER_TOKEN}',
    require_verified: 'true',
    email_subscribe: 'opted_in',
  },
  decision: 'success',
  whatNext: { true: 'thank', false: 'hand over', error: 'hand over' },
};

/** The page's tags and the stored profile in one branch. */
export const insights: UseCase = {
  title: 'Contextual customer insights: the page and the stored profile decide together what the chat says',
  stage: {
    linkSecret: LINK_SECRET,
    profiles: [{ external_id: CUSTOMER, first_name: 'Ada', email_subscribe: 'subscribed', preferred_class: 'sleeper' }],
  },
  run: async (chat) => {
    chat.heading('The page');
    chat.open('https://www.example.com/trains/night-train?utm_source=newsletter&utm_campaign=spring', {
      user_browser: 'Mobile Safari 17',
    });
    chat.say('page', 'tags of the Event Listener: item = night-train, name = Night train to Paris');
    chat.set('PAGE_ITEM', 'night-train');
    chat.set('PAGE_NAME', 'Night train to Paris');
    chat.say('page', 'The customer is logged in; the shop’s server signs who it is.');
    chat.set('CUSTOMER_TOKEN', createIdentityToken(CUSTOMER, Math.floor(Date.now() / 1_000) + 3_600, LINK_SECRET));

    chat.heading('The conversation');
    const next = await chat.act(readProfile);
    chat.say('bot', 'Hello {BRAZE_FIRST_NAME}, are you looking at the {PAGE_NAME}?');
    chat.ask('As ever in a {BRAZE_PREFERRED_CLASS}?', 'Yes', 'WANTED');
    await chat.act(tellBraze);
    // Whoever has opted in or out is not asked.
    const canAsk = chat.get('BRAZE_EMAIL_SUBSCRIBE') === 'subscribed';
    if (canAsk) {
      chat.ask('Shall we write to you when there are offers for this train?', 'Yes, please', 'NEWSLETTER');
      await chat.act(subscribe);
    }

    chat.heading('Checks');
    const profile = chat.stage.braze.profile({ external_id: CUSTOMER });
    const { properties } = profile?.events[0] ?? {};
    chat.check(
      'The chat knew the class that this customer prefers.',
      next === 'advise' && chat.get('BRAZE_PREFERRED_CLASS') === 'sleeper',
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
      'The newsletter was offered only to who could be asked, and is opted in.',
      canAsk && profile?.attributes.email_subscribe === 'opted_in',
    );
  },
};
