import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderBrazeLiquid } from '../../../emulators/braze-liquid.ts';
import { type ActionNode, otherwise, type UseCase } from '../conversation.ts';

const SNIPPET = join(import.meta.dirname, '../../../docs/liquid/signed-link.liquid');
const LINK_SECRET = 'demo-link-secret-that-is-long-enough';
const CUSTOMER = 'customer-20417';

const lookUp: ActionNode = {
  input: {
    node: 'get-profile',
    signed_id: 'page',
    require_verified: 'true',
    fields: ['first_name', 'custom_attributes.loyalty_tier'],
  },
  decision: 'outcome',
  whatNext: otherwise('ask who it is', { found: 'greet', not_found: 'ask who it is' }),
};

const writeBack: ActionNode = {
  input: {
    node: 'track-user',
    signed_id: 'page',
    require_verified: 'true',
    attributes: { wants_upgrade: { $boolean: '{UPGRADE}' } },
    event: { name: 'upgrade_offered', properties: { accepted: { $boolean: '{UPGRADE}' } } },
  },
  decision: 'success',
  whatNext: { true: 'thank', false: 'go on', error: 'go on' },
};

/** What a person types who pretends to be that customer. */
const lookUpTyped: ActionNode = {
  ...lookUp,
  input: { ...lookUp.input, external_id: '{TYPED_ID}' },
};

/** A message of Braze carries the link, the chat knows who opened it, greets, branches and writes back. */
export const targeting: UseCase = {
  title: 'Dynamic targeting: a message reaches a segment, and its link opens a chat that knows who it is',
  stage: {
    linkSecret: LINK_SECRET,
    profiles: [{ external_id: CUSTOMER, first_name: 'Ada', loyalty_tier: 'gold' }],
  },
  run: async (chat) => {
    chat.heading('The message');
    const template = `Dear {{\${first_name}}}, a word about your next journey:\n${readFileSync(SNIPPET, 'utf8')}`;
    const message = await renderBrazeLiquid(template.replace(/REPLACE[^"]*/, LINK_SECRET), {
      user_id: CUSTOMER,
      first_name: 'Ada',
    });
    for (const line of message.split('\n')) if (line.trim() !== '') chat.say('Braze', line);
    const [, link = ''] = /href="([^"]*)"/.exec(message) ?? [];

    chat.heading('The conversation');
    chat.open(link);
    const next = await chat.act(lookUp);
    chat.say('bot', 'Welcome back, {BRAZE_FIRST_NAME}!');
    const isGold = chat.get('BRAZE_LOYALTY_TIER') === 'gold';
    chat.ask(
      isGold
        ? 'With your gold card there is a free upgrade to a sleeper. Would you like it?'
        : 'A sleeper is 20 more. Would you like it?',
      'Yes, please',
      'UPGRADE',
    );
    await chat.act(writeBack);

    chat.heading('Somebody else, who knows the customer’s number and has no link');
    chat.open('https://www.example.com/chat');
    chat.ask('What is your customer number?', CUSTOMER, 'TYPED_ID');
    const other = await chat.act(lookUpTyped);
    chat.say('bot', 'Please use the link in your last message from us, or log in.');

    chat.heading('Checks');
    const profile = chat.stage.braze.profile({ external_id: CUSTOMER });
    const received = JSON.stringify(chat.stage.braze.requests);
    const token = link.slice(-64);
    chat.check('The chat knew who opened the link.', next === 'greet' && isGold);
    chat.check('The answer was written back to that profile.', profile?.custom_attributes.wants_upgrade === true);
    chat.check('A typed customer number was not enough.', other === 'ask who it is');
    chat.check('Neither Braze nor a log line has the token.', !`${received}${chat.log.join()}`.includes(token));
  },
};
