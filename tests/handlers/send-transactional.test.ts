import { redeliver } from '../../handlers/redeliver.ts';
import { sendTransactional } from '../../handlers/send-transactional.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import { createRedeliverHandler } from '../../lib/node/create-redeliver-handler.ts';
import { invoke, LEFT_OUT, REQUIRED, SENT, stageForTests } from '../support/invoke.ts';

const local = stageForTests();
const campaign_id = '9d0f4b1e-7c52-4f0a-9d5c-2b1a7e6f3c44';
beforeEach(() => {
  local.stage.braze.campaigns[campaign_id] = 'active';
  local.stage.braze.seed({ external_id: 'ann' });
});

const send = (payload: object) =>
  invoke(local.stage, sendTransactional, { campaign_id, external_id: 'ann', ...payload });
const sends = () => local.stage.braze.profile({ external_id: 'ann' })?.campaign_sends;
const redeliverBatch = (batch: unknown) => createRedeliverHandler(redeliver, local.stage.createRuntime())(batch);

test('sends the campaign to one person, with a send id of the designer’s', async () => {
  const { answer, requests } = await send({
    trigger_properties: { order: ' 10042 ' },
    attributes: { first_name: ' Ann ' },
    email: 'Ann@Example.com',
    send_id: 'order-10042',
  });
  expect(answer).toEqual(SENT);
  expect(requests).toEqual([
    {
      path: `/transactional/v1/campaigns/${campaign_id}/send`,
      body: {
        external_send_id: 'order-10042',
        trigger_properties: { order: '10042' },
        recipient: { external_user_id: 'ann', attributes: { email: 'ann@example.com', first_name: 'Ann' } },
      },
    },
  ]);
  expect(sends()).toMatchObject([{ campaign_id, trigger_properties: { order: '10042' } }]);
});

test('sends to a person who is found by an alias', async () => {
  const user_alias = { alias_name: 'chat-1', alias_label: 'pypestream' };
  const { answer, requests } = await send({ external_id: undefined, user_alias });
  expect(answer).toEqual(SENT);
  expect(requests[0]?.body).toMatchObject({ recipient: { user_alias } });
});

describe('without a send id', () => {
  /** The send id of a call. */
  const sendAndGetId = async (context: object, payload: object = {}) => {
    const before = local.stage.braze.requests.length;
    const handler = createHandler(sendTransactional, local.stage.createRuntime());
    await handler({ payload: { campaign_id, external_id: 'ann', ...payload }, context });
    const [request] = local.stage.braze.requests.slice(before);
    const id = request?.json;
    return typeof id === 'object' && id !== null && 'external_send_id' in id ? id.external_send_id : undefined;
  };
  const chat = { env: 'sandbox', chat_id: 'chat-1', call_id: '3f0c8f0e-2f0b-4bb7-9a55-0f2f3b1d9b10' };

  test('derives the same valid id for the same call', async () => {
    const id = await sendAndGetId(chat);
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(await sendAndGetId(chat)).toBe(id);
    expect(sends()).toHaveLength(1);
  });

  test.each([
    ['chat', { ...chat, chat_id: 'chat-2' }, {}],
    ['call', { ...chat, call_id: '4f0c8f0e-2f0b-4bb7-9a55-0f2f3b1d9b10' }, {}],
    ['content', chat, { trigger_properties: { order: '1' } }],
    ['recipient', chat, { external_id: 'bob' }],
  ])('derives another id for another %s', async (_what, context, payload) => {
    expect(await sendAndGetId(context, payload)).not.toBe(await sendAndGetId(chat));
  });
});

test.each(['reset-after', '500-after', '502-after', '504-after', 'html-after', 'reset', '503'] as const)(
  'sends the message once although Braze’s first answer is %s',
  async (fault) => {
    local.stage.braze.fault(fault, 1);
    const { answer, requests } = await send({ trigger_properties: { order: '10042' } });
    expect(answer).toEqual(SENT);
    expect(requests).toHaveLength(2);
    expect(sends()).toHaveLength(1);
  },
);

test.each(['500-after', 'reset-after'] as const)(
  'sends the message once although every answer to the call was lost (%s) and redeliver repeats it',
  async (fault) => {
    local.stage.braze.fault(fault);
    expect((await send({ trigger_properties: { order: '10042' } })).answer).toMatchObject({ outcome: 'queued' });
    expect(await redeliverBatch(local.stage.undelivered.poll())).toMatchObject({ batchItemFailures: [{}] });
    local.stage.braze.clearFaults();
    const again = local.stage.undelivered.deliver(local.stage.undelivered.messages);
    expect(await redeliverBatch(again)).toEqual({ batchItemFailures: [] });
    expect(sends()).toHaveLength(1);
  },
);

test('is redelivered within a day, as long as Braze remembers its id, and dead-lettered as expired after that', async () => {
  local.stage.braze.fault('503');
  await send({ trigger_properties: { order: '1' } });
  await send({ trigger_properties: { order: '2' } });
  local.stage.braze.clearFaults();
  const [first, second] = await local.stage.undelivered.drain();
  const aged = (body = '', hours = 0) => {
    const message = JSON.parse(body);
    return { ...message, time: new Date(Date.parse(message.time) - hours * 3_600_000).toISOString() };
  };
  const record = (messageId: string, message: object) => ({
    ...{ messageId, receiptHandle: messageId, eventSource: 'aws:sqs', attributes: { ApproximateReceiveCount: '1' } },
    body: JSON.stringify(message),
  });
  const Records = [record('a', aged(first?.body, 22)), record('b', aged(second?.body, 24))];
  expect(await redeliverBatch({ Records })).toEqual({ batchItemFailures: [] });
  expect(sends()).toMatchObject([{ trigger_properties: { order: '1' } }]);
  expect(local.stage.deadLetters.messages.map(({ reason }) => reason)).toEqual(['expired']);
});

test.each(['two words', 'x'.repeat(256), 'é'])('is invalid with a send id %j, and sends nothing', async (send_id) => {
  const { answer, requests } = await send({ send_id });
  expect(answer).toEqual({ ...REQUIRED, BRAZE_INVALID_FIELDS: 'send_id' });
  expect(requests).toEqual([]);
});

test('leaves out invalid fields, and sends the rest', async () => {
  const { answer } = await send({ trigger_properties: { $order: '1', order: '2' } });
  expect(answer).toEqual({ ...LEFT_OUT, BRAZE_INVALID_FIELDS: 'trigger_properties.$order' });
});

test.each(['email', 'phone'])('does not find a recipient by %s', async (name) => {
  const { answer, requests } = await send({
    external_id: undefined,
    [name]: name === 'email' ? 'a@example.com' : '+14155550100',
  });
  expect(answer).toMatchObject({ outcome: 'invalid', BRAZE_INVALID_FIELDS: `${name},external_id` });
  expect(requests).toEqual([]);
});

test.each(['..', '../../../users/delete'])('a campaign %j reaches no other endpoint', async (other) => {
  const { answer, requests } = await send({ campaign_id: other });
  expect(answer).toMatchObject({ outcome: 'invalid', BRAZE_INVALID_FIELDS: 'campaign_id' });
  expect(requests).toEqual([]);
});

test.each(['paused', 'archived'] as const)('is rejected if the campaign is %s', async (status) => {
  local.stage.braze.campaigns[campaign_id] = status;
  expect((await send({})).answer).toMatchObject({ outcome: 'rejected' });
});

test('treats an answer without a dispatch id as no answer', async () => {
  local.stage.braze.fault('html');
  expect((await send({})).answer).toMatchObject({ outcome: 'queued' });
});
