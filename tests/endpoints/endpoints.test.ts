import { createRedeliverHandler } from '../../lib/node/create-redeliver-handler.ts';
import type { ExtraOutcomes, NodeDefinition } from '../../lib/node/definition.ts';
import { USES } from '../../tools/docs/endpoints.ts';
import { readNodes } from '../../tools/nodes.ts';
import { whileBrazeAnswers } from '../support/answering-braze.ts';
import { invoke, stageForTests } from '../support/invoke.ts';
import * as declarations from './declarations.ts';

const GROUP = '0d5f3a52-6a2c-4f0e-9a45-3f6f6f6c2b11';
const TOMORROW = new Date(Date.now() + 86_400_000).toISOString();
const ANN = { external_id: 'ann', email: 'ann@example.com', phone: '+14155550100' };
const ALIAS = { alias_name: 'chat-1', alias_label: 'pypestream' };

const here = stageForTests({
  campaigns: { c1: 'active' },
  canvases: { c2: 'active' },
  catalogs: { trips: [{ id: 'paris', name: 'Paris' }] },
  profiles: [{ ...ANN, subscription_groups: [{ subscription_group_id: GROUP, subscription_state: 'subscribed' }] }],
});

/** Puts a message on Braze's schedule, and returns its id. */
const schedule = async (definition: typeof declarations.scheduleCampaign | typeof declarations.scheduleCanvas) => {
  const ids = { campaign_id: 'c1', canvas_id: 'c2' };
  const key = definition === declarations.scheduleCampaign ? 'campaign_id' : 'canvas_id';
  const { answer } = await invoke<never, ExtraOutcomes, never>(here.stage, definition as never, {
    ...{ external_id: 'ann', time: TOMORROW, [key]: ids[key] },
  });
  return { [key]: ids[key], schedule_id: answer.BRAZE_SCHEDULE_ID };
};

interface Case {
  readonly payload: object | (() => Promise<object>);
  /** What Braze is asked. */
  readonly target: string;
  readonly body?: object;
  readonly outcome: string;
  /** How Braze says no, and what the flow is told. */
  readonly no: readonly [payload: object, outcome: string];
  /** Where a 400 is an answer of the endpoint's own. */
  readonly outcomeOf400?: string;
}

const CASES: { readonly [name in keyof typeof declarations]: Case } = {
  listSubscriptions: {
    payload: { email: 'Ann@Example.com' },
    target: 'GET /subscription/user/status?email=ann%40example.com',
    outcome: 'found',
    no: [{ external_id: 'bob' }, 'not_found'],
  },
  setSubscriptionGroup: {
    payload: { subscription_group_id: GROUP, subscription_state: 'Unsubscribed', email: ' ann@example.com ' },
    target: 'POST /v2/subscription/status/set',
    body: {
      subscription_groups: [
        { subscription_group_id: GROUP, subscription_state: 'unsubscribed', emails: ['ann@example.com'] },
      ],
    },
    outcome: 'sent',
    no: [{ subscription_group_id: GROUP, subscription_state: 'opted_in', email: 'ann@example.com' }, 'rejected'],
  },
  scheduleCampaign: {
    payload: { external_id: 'ann', campaign_id: 'c1', time: TOMORROW },
    target: 'POST /campaigns/trigger/schedule/create',
    body: { campaign_id: 'c1', schedule: { time: TOMORROW }, recipients: [{ external_user_id: 'ann' }] },
    outcome: 'scheduled',
    no: [{ external_id: 'ann', campaign_id: 'another', time: TOMORROW }, 'rejected'],
  },
  scheduleCanvas: {
    payload: { external_id: 'ann', canvas_id: 'c2', time: TOMORROW },
    target: 'POST /canvas/trigger/schedule/create',
    body: { canvas_id: 'c2', schedule: { time: TOMORROW }, recipients: [{ external_user_id: 'ann' }] },
    outcome: 'scheduled',
    no: [{ external_id: 'ann', canvas_id: 'c2', time: '2020-05-01T10:00:00Z' }, 'rejected'],
  },
  cancelCampaign: {
    payload: () => schedule(declarations.scheduleCampaign),
    target: 'POST /campaigns/trigger/schedule/delete',
    outcome: 'cancelled',
    no: [{ campaign_id: 'c1', schedule_id: 'another' }, 'not_found'],
    outcomeOf400: 'not_found',
  },
  cancelCanvas: {
    payload: () => schedule(declarations.scheduleCanvas),
    target: 'POST /canvas/trigger/schedule/delete',
    outcome: 'cancelled',
    no: [{ canvas_id: 'c2', schedule_id: 'another' }, 'not_found'],
    outcomeOf400: 'not_found',
  },
  newAlias: {
    payload: { external_id: 'ann', ...ALIAS },
    target: 'POST /users/alias/new',
    body: { user_aliases: [{ external_id: 'ann', ...ALIAS }] },
    outcome: 'sent',
    no: [{ external_id: 'bob', ...ALIAS }, 'rejected'],
  },
  changeAlias: {
    payload: async () => {
      here.stage.braze.seed({ user_alias: ALIAS, first_name: 'Ann' });
      return { alias_label: 'pypestream', old_alias_name: 'chat-1', new_alias_name: 'chat-2' };
    },
    target: 'POST /users/alias/update',
    body: { alias_updates: [{ alias_label: 'pypestream', old_alias_name: 'chat-1', new_alias_name: 'chat-2' }] },
    outcome: 'sent',
    no: [{ alias_label: 'pypestream', old_alias_name: 'chat-7', new_alias_name: 'chat-8' }, 'not_found'],
  },
  renameExternalId: {
    payload: { external_id: 'ann', new_external_id: 'ann-2' },
    target: 'POST /users/external_ids/rename',
    body: { external_id_renames: [{ current_external_id: 'ann', new_external_id: 'ann-2' }] },
    outcome: 'sent',
    no: [{ external_id: 'bob', new_external_id: 'bob-2' }, 'rejected'],
  },
  setEmailStatus: {
    payload: { email: ' Ann@Example.com', subscription_state: 'unsubscribed' },
    target: 'POST /email/status',
    body: { email: 'ann@example.com', subscription_state: 'unsubscribed' },
    outcome: 'sent',
    no: [{ email: 'ann@example.com', subscription_state: 'maybe' }, 'invalid'],
  },
  deleteUser: {
    payload: { external_id: 'ann' },
    target: 'POST /users/delete',
    body: { external_ids: ['ann'] },
    outcome: 'deleted',
    no: [{ external_id: 'bob' }, 'not_found'],
  },
  sendSms: {
    payload: { external_id: 'ann', subscription_group_id: GROUP, app_id: 'app', body: ' Your table is ready ' },
    target: 'POST /messages/send',
    body: {
      external_user_ids: ['ann'],
      messages: { sms: { subscription_group_id: GROUP, app_id: 'app', body: 'Your table is ready' } },
    },
    outcome: 'sent',
    no: [{ external_id: 'ann', subscription_group_id: GROUP, app_id: 'app', body: '{TEXT}' }, 'invalid'],
  },
  allowPhones: {
    payload: { phone_numbers: ['+1 415 555 0100'] },
    target: 'POST /sms/invalid_phone_numbers/remove',
    body: { phone_numbers: ['+14155550100'] },
    outcome: 'sent',
    no: [{ phone_numbers: ['12'] }, 'invalid'],
  },
  removeBounce: {
    payload: { email: 'Ann@Example.com' },
    target: 'POST /email/bounce/remove',
    body: { email: 'ann@example.com' },
    outcome: 'sent',
    no: [{ email: 'ann' }, 'invalid'],
  },
  removeSpam: {
    payload: { email: 'Ann@Example.com' },
    target: 'POST /email/spam/remove',
    body: { email: 'ann@example.com' },
    outcome: 'sent',
    no: [{ email: 'ann' }, 'invalid'],
  },
  updateCatalogItem: {
    payload: { catalog_name: 'trips', item_id: 'paris', name: ' Paris by night ' },
    target: 'PATCH /catalogs/trips/items/paris',
    body: { items: [{ name: 'Paris by night' }] },
    outcome: 'updated',
    no: [{ catalog_name: 'trips', item_id: 'rome', name: 'Rome' }, 'not_found'],
  },
};

// The types of all declarations together are too many for one call.
const declared = Object.entries(declarations) as unknown as readonly [
  keyof typeof CASES,
  NodeDefinition<unknown, ExtraOutcomes>,
][];

test('the list is of 25 uses, each shipped as it says or declared here', async () => {
  expect(USES).toHaveLength(25);
  const there = (await readNodes()).nodes.map(({ name, endpoint }) => [name, endpoint.method ?? 'POST', endpoint.path]);
  const shipped = USES.flatMap(({ method, paths, node }) =>
    typeof node === 'string' ? [] : node.shipped.flatMap((name) => paths.map((path) => [name, method, path])),
  );
  expect(there).toEqual(expect.arrayContaining(shipped));
  const made = declared.map(([, { endpoint }]) => `${endpoint.method ?? 'POST'} ${endpoint.path}`);
  const wanted = USES.filter(({ node }) => typeof node === 'string').flatMap(({ method, paths }) =>
    paths.map((path) => `${method} ${path}`),
  );
  expect(made.toSorted()).toEqual(wanted.toSorted());
});

test('no declaration is longer than a colleague reads at once', async () => {
  const { readFileSync } = await import('node:fs');
  const source = readFileSync('tests/endpoints/declarations.ts', 'utf8');
  const lengths = [...source.matchAll(/^export const (\w+) = defineNode\(\{\n(.*?)^\}\);/gms)].map(
    ([, name, text = '']) => [name, text.split('\n').length],
  );
  expect(lengths).toHaveLength(declared.length);
  expect(lengths.filter(([, lines]) => Number(lines) > 20)).toEqual([]);
});

describe.each(declared)('%s', (name, definition) => {
  const { payload, target, body, outcome, no, outcomeOf400 = 'rejected' } = CASES[name];
  const { queueOnFailure } = definition.endpoint;
  const toPayload = async () => (typeof payload === 'function' ? payload() : payload);
  const call = async (given: object) => invoke(here.stage, definition, given);

  test("sends what Braze's page documents, and answers with success", async () => {
    const { answer, targets, requests } = await call(await toPayload());
    expect(targets).toEqual([target]);
    if (body !== undefined) expect(requests[0]?.body).toEqual(body);
    expect(answer).toMatchObject({ outcome, success: 'true' });
  });

  test('answers with the failure if it is not done', async () => {
    const [refused, word] = no;
    const { answer } = await call(refused);
    expect(answer.outcome).toBe(word);
    expect(answer.success).not.toBe('true');
  });

  test.each([
    [400, outcomeOf400, {}],
    [404, 'misconfigured', {}],
    [429, queueOnFailure ? 'queued' : 'unavailable', { 'retry-after': '60' }],
  ])('makes of %d the outcome %s', async (status, expected, headers) => {
    const given = await toPayload();
    const answer = { status, headers, body: '{"message":"Invalid URL"}' };
    expect((await whileBrazeAnswers(here.stage, answer, () => call(given))).answer.outcome).toBe(expected);
  });

  if (queueOnFailure) {
    test('comes to Braze from the queue as it was first sent', async () => {
      const given = await toPayload();
      here.stage.braze.fault('503');
      expect((await call(given)).answer).toMatchObject({ outcome: 'queued' });
      const first = here.stage.braze.requests.at(-1);
      here.stage.braze.clearFaults();
      const before = here.stage.braze.requests.length;
      const redeliver = { name: 'redeliver', description: 'Retries.', nodes: [definition] };
      const handler = createRedeliverHandler(redeliver, here.stage.createRuntime());
      expect(await handler(here.stage.undelivered.poll())).toEqual({ batchItemFailures: [] });
      expect(here.stage.braze.requests.slice(before)).toMatchObject([
        { method: first?.method, path: first?.path, json: first?.json, processed: true },
      ]);
      expect(here.stage.deadLetters.messages).toEqual([]);
    });
  }
});
