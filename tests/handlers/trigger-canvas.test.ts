import { triggerCanvas } from '../../handlers/trigger-canvas.ts';
import { invoke, LEFT_OUT, REQUIRED, SENT, stageForTests } from '../support/invoke.ts';
import { testTrigger } from '../support/trigger.ts';

const local = stageForTests();
const canvas_id = '4c1f8b0e-1d35-4b8b-8f1c-6a2f0d9c7e55';
beforeEach(() => {
  local.stage.braze.canvases[canvas_id] = 'active';
});

const trigger = (payload: object) => invoke(local.stage, triggerCanvas, { canvas_id, ...payload });

test('enters one person, with a context and the attributes to set before', async () => {
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
  expect(local.stage.braze.profile({ external_id: 'ann' })).toMatchObject({
    attributes: { first_name: 'Ann' },
    canvas_entries: [{ canvas_id, context: { destination: 'Paris', seats: 2 } }],
  });
});

test('accepts the context under its former name', async () => {
  const { answer, requests } = await trigger({ external_id: 'ann', canvas_entry_properties: { destination: 'Rome' } });
  expect(answer).toEqual(SENT);
  expect(requests[0]?.body).toMatchObject({ context: { destination: 'Rome' } });
});

test('answers paused if Braze answers with a notice', async () => {
  local.stage.braze.canvases[canvas_id] = 'paused';
  const { answer } = await trigger({ external_id: 'ann' });
  expect(answer).toEqual({
    ...{ success: 'false', outcome: 'paused', detail: 'The Canvas is paused or archived; nothing was sent.' },
  });
});

test('leaves out a context that is not an object', async () => {
  const { answer, requests } = await trigger({ external_id: 'ann', context: 'Paris' });
  expect(answer).toEqual({ ...LEFT_OUT, BRAZE_INVALID_FIELDS: 'context' });
  expect(requests[0]?.body).not.toHaveProperty('context');
});

test('leaves out a context that is too large for a Canvas', async () => {
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

testTrigger(local, triggerCanvas, { canvas_id });
