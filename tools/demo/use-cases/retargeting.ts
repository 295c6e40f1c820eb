import { type ActionNode, otherwise, type UseCase } from '../conversation.ts';

const CANVAS_ID = '3f2b1c9a-5d7e-4c2f-9c0a-7a1e6d4b8f20';

const tellBraze: ActionNode = {
  input: {
    node: 'track-user',
    email: '{EMAIL}',
    attributes: { first_name: '{FIRST_NAME}', wanted_destination: '{DESTINATION}' },
    event: { name: 'trip_wished', properties: { destination: '{DESTINATION}', days: { $integer: '{DAYS}' } } },
    session: ['operating_system', 'language', 'page', 'utm'],
  },
  decision: 'outcome',
  whatNext: otherwise('go on', { sent: 'offer', partial: 'offer', queued: 'offer', invalid: 'ask again' }),
};

const startCanvas: ActionNode = {
  input: {
    node: 'trigger-canvas',
    canvas_id: CANVAS_ID,
    email: '{EMAIL}',
    context: { destination: '{DESTINATION}', days: { $integer: '{DAYS}' } },
  },
  decision: 'success',
  whatNext: { true: 'book', false: 'book', error: 'book' },
};

const tellOfOrder: ActionNode = {
  input: {
    node: 'track-event',
    email: '{EMAIL}',
    name: 'ecommerce.order_placed',
    properties: {
      order_id: '{ORDER_ID}',
      total_value: '{TOTAL}',
      currency: 'EUR',
      source: 'chat',
      products: [
        {
          product_id: 'night-train',
          product_name: 'Night train',
          variant_id: 'sleeper',
          quantity: '1',
          price: '{TOTAL}',
        },
      ],
    },
  },
  decision: 'success',
  whatNext: { true: 'thank', false: 'thank', error: 'thank' },
};

/** The conversation's answers and an event reach Braze, a Canvas is triggered, a purchase follows. */
export const retargeting: UseCase = {
  title: 'Intelligent retargeting: what was said in the chat starts a Canvas, and a purchase follows',
  stage: { canvases: { [CANVAS_ID]: 'active' } },
  run: async (chat) => {
    chat.heading('The conversation');
    chat.open('https://www.example.com/trains?utm_source=search&utm_campaign=spring');
    chat.ask('Hello! Where would you like to go?', 'Paris', 'DESTINATION');
    chat.ask('For how many days?', ' 4 ', 'DAYS');
    chat.ask('What is your first name?', '  Ada', 'FIRST_NAME');
    chat.ask('Where may we send the offer?', 'Ada.Lovelace@Example.com ', 'EMAIL');
    await chat.act(tellBraze);
    await chat.act(startCanvas);
    chat.say(
      'bot',
      'Your offer for {DESTINATION} is on its way. Or do you want to book the night train now, for 59.90?',
    );
    chat.say('person', 'Yes, please');
    chat.set('ORDER_ID', 'A-1001');
    chat.set('TOTAL', '59.90');
    await chat.act(tellOfOrder);
    chat.say('bot', 'Thank you! Order {ORDER_ID} is booked.');

    chat.heading('What Braze holds');
    const profile = chat.stage.braze.profile({ email: 'ada.lovelace@example.com' });
    const { attributes, custom_attributes, events, canvas_entries } = profile ?? {};
    const [wish, order] = events ?? [];
    chat.say('Braze', JSON.stringify({ ...attributes, ...custom_attributes }));
    for (const { name, properties } of events ?? []) chat.say('Braze', `event ${name} ${JSON.stringify(properties)}`);
    for (const { context } of canvas_entries ?? []) chat.say('Braze', `Canvas with ${JSON.stringify(context)}`);
    chat.heading('Checks');
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
      canvas_entries?.length === 1 && canvas_entries[0]?.context.destination === 'Paris',
    );
    chat.check('The order is an event with the amount as a number.', order?.properties.total_value === 59.9);
  },
};
