import type { Braze } from '../../../emulators/braze/gateway.ts';
import { alias, call as callBraze, createStill, says, times } from './support.ts';

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

  test('nobody unknown enters, unless send_to_existing_only is false and there are attributes', () => {
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
    expect(send({})).toEqual(says('No Recipients'));
    expect(send({ audience: {} })).toEqual(says('No Recipients'));
    expect(send({ broadcast: 'true' })).toEqual(says('No Recipients'));
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
    expect(send(body)).toEqual(says(message));
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
  expect(call('/campaigns/trigger/send', { recipients })).toEqual(says('Invalid Campaign ID'));
});
