import { trackUser } from '../../handlers/track-user.ts';
import { triggerCanvas } from '../../handlers/trigger-canvas.ts';
import { invoke, LEFT_OUT, REQUIRED, SENT, stageForTests } from '../support/invoke.ts';

const here = stageForTests();
const canvas_id = '4c1f8b0e-1d35-4b8b-8f1c-6a2f0d9c7e55';
beforeEach(() => {
  here.stage.braze.canvases[canvas_id] = 'active';
});

const trigger = (payload: object) => invoke(here.stage, triggerCanvas, { canvas_id, ...payload });

test('enters one person with a context, their attributes set before', async () => {
  const { answer, requests } = await trigger({
    external_id: 'ann',
    context: { destination: '<<far fa-train>> Paris', seats: { $integer: '2' } },
    attributes: { FIRST_NAME: ' Ann ' },
  });
  expect(answer).toEqual(SENT);
  expect(requests).toEqual([
    {
      path: '/canvas/trigger/send',
      body: {
        canvas_id,
        context: { destination: 'Paris', seats: 2 },
        recipients: [{ external_user_id: 'ann', send_to_existing_only: false, attributes: { first_name: 'Ann' } }],
      },
    },
  ]);
  expect(here.stage.braze.profile({ external_id: 'ann' })).toMatchObject({
    attributes: { first_name: 'Ann' },
    canvas_entries: [{ canvas_id, context: { destination: 'Paris', seats: 2 } }],
  });
});

test('takes the context under its former name', async () => {
  const { answer, requests } = await trigger({ external_id: 'ann', canvas_entry_properties: { destination: 'Rome' } });
  expect(answer).toEqual(SENT);
  expect(requests[0]?.body).toMatchObject({ context: { destination: 'Rome' } });
});

const alias = { alias_name: 'chat-1', alias_label: 'pypestream' };

test.each([
  ['external_id', { external_id: 'ann' }, { external_user_id: 'ann' }],
  [
    'alias, never to be created',
    { user_alias: alias, attributes: { a: 'b' } },
    { user_alias: alias, attributes: { a: 'b' } },
  ],
  ['braze_id', { braze_id: '0123456789abcdef01234567' }, { braze_id: '0123456789abcdef01234567' }],
  [
    'email',
    { email: 'Ann@Example.com' },
    { email: 'ann@example.com', prioritization: ['identified', 'most_recently_updated'] },
  ],
  [
    'an id, existing people only',
    { external_id: 'ann', update_existing_only: 'true', attributes: { a: 'b' } },
    { external_user_id: 'ann', attributes: { a: 'b' } },
  ],
])('names the one recipient by %s', async (_by, identity, recipient) => {
  await invoke(here.stage, trackUser, {
    ...identity,
    update_existing_only: 'false',
    attributes: { first_name: 'Ann' },
  });
  const { requests } = await trigger(identity);
  expect(requests[0]?.body).toEqual({ canvas_id, recipients: [recipient] });
});

test('says paused where Braze answers with a notice', async () => {
  here.stage.braze.canvases[canvas_id] = 'paused';
  const { answer } = await trigger({ external_id: 'ann' });
  expect(answer).toEqual({
    ...{ success: 'false', outcome: 'paused', detail: 'The Canvas is paused or archived; nothing was sent.' },
  });
});

test('goes without a context that is no object', async () => {
  const { answer, requests } = await trigger({ external_id: 'ann', context: 'Paris' });
  expect(answer).toEqual({ ...LEFT_OUT, BRAZE_INVALID_FIELDS: 'context' });
  expect(requests[0]?.body).not.toHaveProperty('context');
});

test('goes without a context that is too large for a Canvas', async () => {
  const context = Object.fromEntries(Array.from({ length: 220 }, (_, index) => [`part_${index}`, 'x'.repeat(250)]));
  const { answer, requests } = await trigger({ external_id: 'ann', context });
  expect(answer).toEqual({ ...LEFT_OUT, BRAZE_INVALID_FIELDS: 'context' });
  expect(requests[0]?.body).not.toHaveProperty('context');
});

test('is invalid without a Canvas, and sends nothing', async () => {
  const { answer, requests } = await trigger({ external_id: 'ann', canvas_id: '{CANVAS}' });
  expect(answer).toEqual({ ...REQUIRED, BRAZE_INVALID_FIELDS: 'canvas_id' });
  expect(requests).toEqual([]);
});

test('is invalid where only a phone number says who is meant: Braze finds no recipient by it', async () => {
  const { answer, requests } = await trigger({ phone: '+14155550100' });
  expect(answer).toEqual({
    ...{ success: 'error', outcome: 'invalid', detail: 'No usable identifier is left.' },
    BRAZE_INVALID_FIELDS: 'phone,external_id',
  });
  expect(requests).toEqual([]);
});

test('is rejected where Braze does not know the Canvas', async () => {
  const { answer } = await trigger({ external_id: 'ann', canvas_id: 'another' });
  expect(answer).toMatchObject({ outcome: 'rejected' });
});

test('is not repeated after an answer that never came, and is kept', async () => {
  here.stage.braze.fault('500-after');
  const { answer, requests } = await trigger({ external_id: 'ann' });
  expect(answer).toMatchObject({ outcome: 'in_doubt' });
  expect(requests).toHaveLength(1);
  const [deadLetter] = await here.stage.deadLetters.drain();
  expect(JSON.parse(deadLetter?.body ?? '')).toMatchObject({ reason: 'in_doubt', path: 'canvas/trigger/send' });
});
