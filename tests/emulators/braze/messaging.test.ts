import type { Braze } from '../../../emulators/braze/gateway.ts';
import { alias, call as callBraze, createStill, failsWith, post, times } from './support.ts';

let braze: Braze;
beforeEach(() => {
  braze = createStill({ canvases: { welcome: 'active', old: 'paused' }, campaigns: { mail: 'active' } });
});

const call = (path: string, body: unknown) => callBraze(braze, path, body);
const know = (...attributes: unknown[]) => call('/users/track', { attributes });
const profile = (external_id: string) => braze.profile({ external_id });
describe('canvas/trigger/send', () => {
  const send = (body: object) => call('/canvas/trigger/send', { canvas_id: 'welcome', ...body });
  const sent = { status: 201, json: { dispatch_id: expect.stringMatching(/^[\da-f]{32}$/), message: 'success' } };
  const entries = (external_id: string) => profile(external_id)?.canvas_entries.map(({ context }) => context);

  test('records an entry with its context, the attributes set before', () => {
    know({ external_id: 'ann' });
    const recipient = { external_user_id: 'ann', attributes: { first_name: 'Ann', size: 1 }, context: { b: 2 } };
    const answer = send({ context: { a: 1, b: 1 }, recipients: [recipient] });
    expect(answer).toEqual(sent);
    expect(profile('ann')).toMatchObject({
      attributes: { first_name: 'Ann' },
      custom_attributes: { size: 1 },
      canvas_entries: [{ canvas_id: 'welcome', dispatch_id: expect.any(String), context: { a: 1, b: 2 } }],
    });
  });

  test('takes the old name of context', () => {
    know({ external_id: 'ann' });
    send({ canvas_entry_properties: { a: 1 }, recipients: [{ external_user_id: 'ann' }] });
    expect(entries('ann')).toEqual([{ a: 1 }]);
  });

  test('reaches by alias, braze_id and email', () => {
    know({ external_id: 'ann', email: 'x@b.co' });
    call('/users/alias/new', { user_aliases: [{ external_id: 'ann', ...alias('n') }] });
    send({ recipients: [{ user_alias: alias('n') }] });
    send({ recipients: [{ braze_id: profile('ann')?.braze_id }] });
    send({ recipients: [{ email: 'x@b.co', prioritization: ['identified', 'most_recently_updated'] }] });
    expect(entries('ann')).toEqual([{}, {}, {}]);
  });

  test('an unknown person enters only where send_to_existing_only is false and there are attributes', () => {
    expect(send({ recipients: [{ external_user_id: 'ann', attributes: { size: 1 } }] })).toEqual(sent);
    expect(braze.profiles).toEqual([]);
    send({ recipients: [{ external_user_id: 'ann', send_to_existing_only: false, attributes: { size: 1 } }] });
    expect(profile('ann')).toMatchObject({ custom_attributes: { size: 1 }, canvas_entries: [{ context: {} }] });
  });

  test('of a recipient named twice the last properties win', () => {
    know({ external_id: 'ann' });
    send({ recipients: [1, 2].map((n) => ({ external_user_id: 'ann', context: { n } })) });
    expect(entries('ann')).toEqual([{ n: 2 }]);
  });

  test.each(['paused', 'archived'] as const)('a Canvas that is %s answers success with a notice', (status) => {
    know({ external_id: 'ann' });
    braze.canvases.welcome = status;
    const answer = send({ recipients: [{ external_user_id: 'ann', attributes: { size: 1 } }] });
    expect(answer).toMatchObject({
      status: 201,
      json: { message: 'success', notice: expect.stringContaining(`The Canvas is ${status}.`) },
    });
    expect(profile('ann')).toMatchObject({ canvas_entries: [], custom_attributes: {} });
  });

  test('everybody enters only on an explicit broadcast', () => {
    know({ external_id: 'ann' }, { external_id: 'bob' });
    expect(send({})).toEqual(failsWith('No Recipients'));
    expect(send({ audience: {} })).toEqual(failsWith('No Recipients'));
    expect(send({ broadcast: 'true' })).toEqual(failsWith('No Recipients'));
    expect(send({ broadcast: true, context: { a: 1 } })).toEqual(sent);
    expect([entries('ann'), entries('bob')]).toEqual([[{ a: 1 }], [{ a: 1 }]]);
  });

  const EXACTLY_ONE = 'A recipient must have exactly one of external_user_id, user_alias, braze_id, email';
  test.each<[object, string]>([
    [{ canvas_id: 'unknown', recipients: [{ external_user_id: 'ann' }] }, 'Invalid Canvas ID'],
    [{ canvas_id: 'constructor', recipients: [{ external_user_id: 'ann' }] }, 'Invalid Canvas ID'],
    [{ recipients: [] }, 'No Recipients'],
    [{ recipients: [{ external_user_id: 'ann' }], broadcast: true }, "'broadcast' can't be true with 'recipients'"],
    [{ recipients: times(51, { external_user_id: 'ann' }) }, 'The max number of ids per request was exceeded'],
    [{ recipients: [{}] }, EXACTLY_ONE],
    [{ recipients: [{ external_id: 'ann' }] }, EXACTLY_ONE],
    [{ recipients: [{ external_user_id: 'ann', braze_id: 'b' }] }, EXACTLY_ONE],
    [{ recipients: [{ user_alias: { alias_name: 'n' } }] }, EXACTLY_ONE],
    [{ recipients: [{ email: 'x@b.co' }] }, "'prioritization' is not valid"],
    [{ recipients: [{ external_user_id: 'ann', attributes: [] }] }, "'attributes' of a recipient must be an object"],
    [
      { recipients: [{ external_user_id: 'ann', attributes: { email: 'no' } }] },
      "The value provided for the 'email' field is not a valid email.",
    ],
    [
      { recipients: [{ external_user_id: 'ann', send_to_existing_only: false }] },
      "'send_to_existing_only' can be false only with 'attributes'",
    ],
    [
      { recipients: [{ user_alias: alias('n'), send_to_existing_only: false, attributes: {} }] },
      "'send_to_existing_only' can't be false with an alias",
    ],
    [{ context: [], recipients: [{ external_user_id: 'ann' }] }, "'context' must be an object"],
    [
      { context: { a: 'x'.repeat(51_200) }, recipients: [{ external_user_id: 'ann' }] },
      'The properties are over 50 KB',
    ],
  ])('case %#: refuses what is wrong', (body, message) => {
    know({ external_id: 'ann' });
    expect(send(body)).toEqual(failsWith(message));
    expect(entries('ann')).toEqual([]);
  });
});

test('campaigns/trigger/send records the send with its properties', () => {
  know({ external_id: 'ann' });
  const recipients = [{ external_user_id: 'ann', trigger_properties: { b: 2 } }];
  const body = { campaign_id: 'mail', trigger_properties: { a: 1 }, recipients };
  expect(call('/campaigns/trigger/send', body).status).toBe(201);
  expect(profile('ann')?.campaign_sends).toEqual([
    { campaign_id: 'mail', dispatch_id: expect.any(String), trigger_properties: { a: 1, b: 2 } },
  ]);
  expect(call('/campaigns/trigger/send', { recipients })).toEqual(failsWith('Invalid Campaign ID'));
});

describe.each([
  ['canvas', 'canvas_id', 'welcome', 'context'],
  ['campaigns', 'campaign_id', 'mail', 'trigger_properties'],
])('%s/trigger/schedule', (folder, idKey, id, propertyKey) => {
  const create = (body: object) =>
    call(`/${folder}/trigger/schedule/create`, { [idKey]: id, recipients: [{ external_user_id: 'ann' }], ...body });
  const remove = (schedule_id: unknown) => call(`/${folder}/trigger/schedule/delete`, { [idKey]: id, schedule_id });
  const schedule = { time: '2026-05-02T10:00:00Z' };

  test('is created, sends nothing yet, and can be deleted once', () => {
    know({ external_id: 'ann' });
    const { status, json } = create({ schedule, [propertyKey]: { a: 1 } });
    expect([status, json]).toEqual([
      201,
      {
        dispatch_id: expect.stringMatching(/^[\da-f]{32}$/),
        schedule_id: expect.stringMatching(/^[\da-f]{24}$/),
        message: 'success',
      },
    ]);
    expect(profile('ann')).toMatchObject({ canvas_entries: [], campaign_sends: [] });
    const { schedule_id } = json as { readonly schedule_id: string };
    expect(remove(schedule_id)).toEqual({ status: 201, json: { message: 'success' } });
    expect(remove(schedule_id)).toEqual(failsWith('Invalid Schedule ID'));
  });

  test.each([
    [{}, "'schedule' must have a 'time' in ISO 8601"],
    [{ schedule: { time: 'tomorrow' } }, "'schedule' must have a 'time' in ISO 8601"],
    [{ schedule: { time: '2026-05-01T10:00:00Z' } }, "'time' must be within the next 90 days"],
    [{ schedule: { time: '2026-07-31T10:00:00Z' } }, "'time' must be within the next 90 days"],
    [{ schedule, recipients: [] }, 'No Recipients'],
    [{ schedule, [propertyKey]: 5 }, `'${propertyKey}' must be an object`],
  ])('refuses %j', (body, message) => {
    expect(create(body)).toEqual(failsWith(message));
  });

  test('knows only its own messages and schedules', () => {
    expect(create({ schedule, [idKey]: 'unknown' }).status).toBe(400);
    expect(remove(undefined)).toEqual(failsWith('Invalid Schedule ID'));
  });
});

describe('transactional/v1/campaigns/{campaign_id}/send', () => {
  const send = (body: object, campaign = 'mail') =>
    call(`/transactional/v1/campaigns/${campaign}/send`, { recipient: { external_user_id: 'ann' }, ...body });
  const sends = () => profile('ann')?.campaign_sends.map(({ trigger_properties }) => trigger_properties);

  test('sends to one person, with the attributes set before, and answers without a message', () => {
    const recipient = { external_user_id: 'ann', attributes: { first_name: 'Ann' } };
    expect(send({ external_send_id: 'order-1', trigger_properties: { order: 1 }, recipient })).toEqual({
      status: 201,
      json: {
        dispatch_id: expect.stringMatching(/^[\da-f]{32}$/),
        status: 'sent',
        metadata: { received_at: '2026-05-01T10:00:00.000Z', campaign_api_id: 'mail', external_send_id: 'order-1' },
      },
    });
    expect(profile('ann')?.attributes).toEqual({ first_name: 'Ann' });
    expect(sends()).toEqual([{ order: 1 }]);
  });

  test('an external_send_id sends once in 24 hours, and gets the same dispatch_id', () => {
    let now = Date.parse('2026-05-01T10:00:00Z');
    braze = createStill({ campaigns: { mail: 'active' }, profiles: [{ external_id: 'ann' }], now: () => now });
    const dispatch = () => (send({ external_send_id: 'order-1' }).json as { dispatch_id: string }).dispatch_id;
    const first = dispatch();
    now += 86_399_999;
    expect(dispatch()).toBe(first);
    expect(sends()).toHaveLength(1);
    now += 1;
    expect(dispatch()).not.toBe(first);
    expect(sends()).toHaveLength(2);
    send({});
    send({});
    expect(sends()).toHaveLength(4);
  });

  test('creates a profile only with attributes, and reaches by alias', () => {
    expect(send({}).status).toBe(201);
    expect(braze.profiles).toEqual([]);
    know({ user_alias: alias('n'), _update_existing_only: false });
    send({ recipient: { user_alias: alias('n') } });
    expect(braze.profiles).toMatchObject([{ user_aliases: [alias('n')], campaign_sends: [{ campaign_id: 'mail' }] }]);
  });

  test.each<[object, string]>([
    [{ external_send_id: 'a b' }, "'external_send_id' is not valid"],
    [{ external_send_id: '' }, "'external_send_id' is not valid"],
    [{ recipient: undefined }, 'A recipient must have exactly one of external_user_id, user_alias'],
    [{ recipient: { email: 'x@b.co' } }, 'A recipient must have exactly one of external_user_id, user_alias'],
    [
      { recipient: { external_user_id: 'ann', user_alias: alias('n') } },
      'A recipient must have exactly one of external_user_id, user_alias',
    ],
    [{ recipient: { external_user_id: 'ann', attributes: 5 } }, "'attributes' of a recipient must be an object"],
    [{ trigger_properties: [] }, "'trigger_properties' must be an object"],
  ])('refuses %j', (body, message) => {
    know({ external_id: 'ann' });
    expect(send(body)).toEqual(failsWith(message));
    expect(sends()).toEqual([]);
  });

  test('refuses a campaign that is unknown, paused or archived', () => {
    expect(send({}, 'unknown')).toEqual(failsWith('Campaign does not exist'));
    braze.campaigns.mail = 'paused';
    expect(send({}).json).toEqual({ message: expect.stringContaining('The campaign is paused.') });
    braze.campaigns.mail = 'archived';
    expect(send({}).json).toEqual({ message: expect.stringContaining('The campaign is archived.') });
  });

  test('has no rate limit', () => {
    const { headers } = post(braze, '/transactional/v1/campaigns/mail/send', { recipient: { external_user_id: 'a' } });
    expect(Object.keys(headers)).toEqual(['content-type']);
  });
});

describe('messages/send', () => {
  const messages = { email: { app_id: 'a', subject: 'Hello' } };
  const send = (body: object) => call('/messages/send', { messages, ...body });

  test('records the message with everybody it reaches', () => {
    know({ external_id: 'ann' });
    know({ user_alias: alias('n'), _update_existing_only: false });
    expect(send({ external_user_ids: ['ann', 'nobody'], user_aliases: [alias('n')] })).toEqual({
      status: 201,
      json: { dispatch_id: expect.any(String), message: 'success' },
    });
    expect(braze.profiles).toMatchObject([{ message_sends: [{ messages }] }, { message_sends: [{ messages }] }]);
    expect(send({ segment_id: 's' }).status).toBe(201);
    expect(send({ broadcast: true }).status).toBe(201);
  });

  test.each([
    [{}, 'No Recipients'],
    [{ external_user_ids: ['ann'], messages: {} }, 'No message to send'],
    [{ external_user_ids: ['ann'], messages: undefined }, 'No message to send'],
    [{ external_user_ids: times(51, 'ann') }, 'The max number of ids per request was exceeded'],
    [
      { external_user_ids: times(26, 'ann'), user_aliases: times(25, alias('n')) },
      'The max number of ids per request was exceeded',
    ],
    [{ user_aliases: 'n' }, "'user_aliases' must be an array of objects"],
    [{ user_aliases: [{ alias_name: 'n' }] }, "'user_aliases' must be an array of objects"],
  ])('case %#: refuses what is wrong', (body, message) => {
    expect(send(body)).toEqual(failsWith(message));
  });
});
