import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dirname } from 'node:path/posix';
import { styleText } from 'node:util';
import { renderBrazeLiquid } from '../../emulators/braze/liquid.ts';
import { type LocalStageOptions, startLocalStage } from '../../emulators/local-stage.ts';
import { createIdentityToken } from '../../lib/entry/identity-token.ts';
import { toParameterPath } from '../service.ts';
import { Conversation } from './conversation.ts';
import { readFlow } from './flow.ts';
import { STAGE } from './invoke.ts';
import { toHeading, toProfileLines } from './report.ts';

/** A use case of the partner page: who is in Braze to begin with, and the conversation. */
interface UseCase {
  readonly title: string;
  readonly stage: LocalStageOptions;
  readonly run: (chat: Conversation) => Promise<void>;
}

const SNIPPET = join(import.meta.dirname, '../../docs/liquid/signed-link.liquid');
const LINK_SECRET = 'demo-link-secret-that-is-long-enough';
const CUSTOMER = 'customer-20417';
const GROUP = '0d5f3a52-6a2c-4f0e-9a45-3f6f6f6c2b11';

/** The conversation's answers and an event reach Braze, a Canvas is triggered, a purchase follows. */
const retargeting: UseCase = {
  title: 'Intelligent retargeting: what was said in the chat starts a Canvas, and a purchase follows',
  stage: { canvases: { '3f2b1c9a-5d7e-4c2f-9c0a-7a1e6d4b8f20': 'active' } },
  run: async (chat) => {
    chat.heading('The conversation');
    chat.open('https://www.example.com/trains?utm_source=search&utm_campaign=spring', {
      ORDER_ID: 'A-1001',
      TOTAL: '59.90',
    });
    await chat.run({
      DESTINATION: 'Paris',
      DAYS: ' 4 ',
      FIRST_NAME: '  Ada',
      EMAIL: 'Ada.Lovelace@Example.com ',
      BOOKING: 'Yes, please',
    });

    chat.heading('Checks');
    const profile = chat.stage.braze.profile({ email: 'ada.lovelace@example.com' });
    const {
      attributes,
      custom_attributes,
      events: [wish, order] = [],
      canvas_entries: [entry, ...more] = [],
    } = profile ?? {};
    chat.check(
      'The answers are attributes of one profile.',
      attributes?.first_name === 'Ada' && custom_attributes?.wanted_destination === 'Paris',
    );
    chat.check(
      'The event holds the answers and where the person came from.',
      wish?.properties.days === 4 && wish.properties.utm_campaign === 'spring',
    );
    chat.check(
      'The Canvas was entered once, with the destination.',
      entry?.context.destination === 'Paris' && more.length === 0,
    );
    chat.check('The order is an event with the amount as a number.', order?.properties.total_value === 59.9);
  },
};

/** A message of Braze carries the link, the chat knows who opened it, greets, branches and writes back. */
const targeting: UseCase = {
  title: 'Dynamic targeting: a message reaches a segment, and its link opens a chat that knows who it is',
  stage: {
    linkSecret: LINK_SECRET,
    profiles: [{ external_id: CUSTOMER, first_name: 'Ada', loyalty_tier: 'gold' }],
  },
  run: async (chat) => {
    chat.heading('The message');
    const template = `Dear {{\${first_name}}}, a word about your next journey:\n${readFileSync(SNIPPET, 'utf8')}`;
    const person = { user_id: CUSTOMER, first_name: 'Ada' };
    const message = await renderBrazeLiquid(template.replace(/REPLACE[^"]*/, LINK_SECRET), person);
    for (const line of message.split('\n')) if (line.trim() !== '') chat.say('Braze', line);
    const [, link = ''] = /href="([^"]*)"/.exec(message) ?? [];

    chat.heading('The conversation');
    chat.open(link);
    const path = await chat.run({ UPGRADE: 'Yes, please' });

    chat.heading('Somebody else, who types the customer’s number and has no link');
    chat.open('https://www.example.com/chat');
    const other = await chat.run({}, { typed: { external_id: CUSTOMER } });

    chat.heading('Checks');
    const profile = chat.stage.braze.profile({ external_id: CUSTOMER });
    const received = JSON.stringify(chat.stage.braze.requests);
    const token = link.slice(-64);
    chat.check('The chat knew who opened the link.', path.join() === '1,2,3,4,6');
    chat.check('The answer was written back to that profile.', profile?.custom_attributes.wants_upgrade === true);
    chat.check('A typed customer number was not enough.', other.join() === '1,7');
    chat.check('Neither Braze nor a log line has the token.', !`${received}${chat.log.join()}`.includes(token));
  },
};

/** The page's tags, the stored profile, the catalog and the subscriptions in one conversation. */
const insights: UseCase = {
  title: 'Contextual customer insights: the page and what Braze holds decide together what the chat says',
  stage: {
    linkSecret: LINK_SECRET,
    profiles: [{ external_id: CUSTOMER, first_name: 'Ada', preferred_class: 'sleeper' }],
    catalogs: { trains: [{ id: 'night-train', name: 'Night train to Paris', price: 59 }] },
  },
  run: async (chat) => {
    chat.heading('The conversation');
    const CUSTOMER_TOKEN = createIdentityToken(CUSTOMER, Math.floor(Date.now() / 1_000) + 3_600, LINK_SECRET);
    chat.open('https://www.example.com/trains/night-train?utm_source=newsletter&utm_campaign=spring', {
      PAGE_ITEM: 'night-train',
      CUSTOMER_TOKEN,
    });
    chat.say('page', 'tag of the Event Listener: item = {PAGE_ITEM}');
    chat.say('page', 'The customer is logged in; the shop’s server signs who it is.');
    await chat.run({ WANTED: 'Yes', NEWSLETTER: 'Yes, please' });
    const nextTime = await chat.run({}, { from: '6' });

    chat.heading('Checks');
    const profile = chat.stage.braze.profile({ external_id: CUSTOMER });
    const { properties } = profile?.events[0] ?? {};
    chat.check(
      'The chat knew the item that the page shows, and the class that this customer prefers.',
      chat.hasSaid('Hello Ada, the Night train to Paris has seats from 59 euros.') &&
        chat.hasSaid('As ever in a sleeper?'),
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
      profile?.subscription_groups[GROUP] === 'subscribed' && nextTime.join() === '6',
    );
  },
};

/** The use cases of Braze's partner page about Pypestream. */
export const USE_CASES = { retargeting, targeting, insights } as const;
export type UseCaseName = keyof typeof USE_CASES;

export const isUseCase = (name: string): name is UseCaseName => Object.hasOwn(USE_CASES, name);

/** Runs the conversation of a use case against the emulators, and returns it. */
export const runUseCase = async (name: UseCaseName, print: (line: string) => void): Promise<Conversation> => {
  const { title, stage: options, run } = USE_CASES[name];
  const parameterPath = dirname(toParameterPath(STAGE, 'braze_url'));
  const stage = await startLocalStage({ ...options, parameterPath });
  try {
    print(styleText('bold', title));
    const chat = new Conversation(stage, readFlow(name), print);
    await run(chat);
    for (const line of [toHeading('Braze holds'), ...toProfileLines(stage.braze.profiles)]) print(line);
    print('\nThe flow stands in docs/use-cases.md. Braze, SSM and SQS were emulators on this machine.');
    return chat;
  } finally {
    await stage.close();
  }
};
