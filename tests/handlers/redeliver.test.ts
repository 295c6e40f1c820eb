import { readFile } from 'node:fs/promises';
import { redeliver } from '../../handlers/redeliver.ts';
import { trackUser } from '../../handlers/track-user.ts';
import type { Endpoint } from '../../lib/braze/endpoint.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import { createRedeliverHandler } from '../../lib/node/create-redeliver-handler.ts';
import { toDefinitionName } from '../../tools/nodes.ts';
import { nodes } from '../support/service.ts';
import { startStage, type TestStage } from '../support/stage.ts';

let stage: TestStage;
beforeAll(async () => {
  stage = await startStage();
});
beforeEach(() => stage.reset());
afterAll(() => stage.close());

const redeliverAll = async () =>
  (await stage.capture(() => createRedeliverHandler(redeliver, stage.createRuntime())(stage.undelivered.poll())))
    .result;

test('delivers the requests of an outage when the outage is over', async () => {
  stage.braze.fault('503');
  const node = createHandler(trackUser, stage.createRuntime());
  for (const id of ['ann', 'bob', 'cid']) {
    const payload = { external_id: id, attributes: { said: `${id} 😀` }, event: { name: 'came' } };
    expect((await stage.capture(() => node({ payload }))).result).toMatchObject({
      success: 'true',
      outcome: 'queued',
    });
  }
  expect(stage.braze.profiles).toEqual([]);
  stage.braze.clearFaults();
  const before = stage.braze.requests.length;
  expect(await redeliverAll()).toEqual({ batchItemFailures: [] });
  expect(stage.braze.requests.length - before).toBe(2);
  expect(stage.braze.profile({ external_id: 'bob' })).toMatchObject({
    custom_attributes: { said: 'bob 😀' },
    events: [{ name: 'came' }],
  });
  expect(stage.braze.profiles).toHaveLength(3);
});

test('delivers its sample event', async () => {
  const event = JSON.parse(await readFile('events/redeliver.json', 'utf8'));
  const { result } = await stage.capture(() => createRedeliverHandler(redeliver, stage.createRuntime())(event));
  expect(result).toEqual({ batchItemFailures: [] });
  expect(stage.braze.profile({ external_id: 'customer-20417' })).toMatchObject({
    attributes: { first_name: 'Ada', home_city: 'London' },
  });
});

test('sends what the nodes can queue, and nothing else', async () => {
  const declared = await Promise.all(nodes.map((node) => import(`../../handlers/${node}.ts`)));
  const definitions = declared.flatMap((module) => Object.values<{ name?: string; endpoint?: Endpoint }>(module));
  const queued = definitions.filter(({ endpoint }) => endpoint?.queueOnFailure);
  expect(queued.length).toBeGreaterThan(5);
  expect(redeliver.nodes.map(({ name }) => name).toSorted()).toEqual(queued.map(({ name }) => name).toSorted());
});

test.each(redeliver.nodes.map(({ name }) => name))(
  'sends what %s queued exactly as it was first sent',
  async (name) => {
    stage.braze.fault('503');
    const definition = (await import(`../../handlers/${name}.ts`))[toDefinitionName(name)];
    const handler = createHandler(definition, stage.createRuntime());
    const event = JSON.parse(await readFile(`events/${name}.json`, 'utf8'));
    expect((await stage.capture(() => handler(event))).result).toMatchObject({ outcome: 'queued' });
    const [first] = stage.braze.requests;
    stage.braze.clearFaults();
    const before = stage.braze.requests.length;
    expect(await redeliverAll()).toEqual({ batchItemFailures: [] });
    expect(stage.braze.requests.slice(before)).toMatchObject([
      { method: first?.method, path: first?.path, json: first?.json },
    ]);
  },
);
