import { globSync, readFileSync } from 'node:fs';
import { toDefinitionName } from '../tools/nodes.ts';
import { nodes, readYaml, sampleEvents, service } from './support/service.ts';

const STAGES = ['sandbox', 'prod'];

interface Template {
  readonly Resources?: { readonly [id: string]: { readonly Type: string; readonly Properties: Properties } };
  readonly Outputs?: { readonly [id: string]: unknown };
  readonly extensions?: { readonly [id: string]: { readonly Properties: Properties } };
}
interface Properties {
  readonly [name: string]: unknown;
}

describe('each node', () => {
  test('has a handler, a function and a sample event', () => {
    expect(Object.keys(service.functions).toSorted()).toEqual(nodes);
    expect(sampleEvents).toEqual(nodes);
  });

  test.each(nodes)('%s: the function runs the handler of its name', (node) => {
    expect(service.functions[node]?.handler).toBe(`handlers/${node}.handler`);
  });

  test.each(nodes)('%s: the file exports the definition and a handler that Lambda awaits', async (node) => {
    const { handler, ...exported } = await import(`../handlers/${node}.ts`);
    const definition = exported[toDefinitionName(node)];
    // Lambda's Node 24 goes by this name, and refuses a third parameter.
    expect(handler.constructor.name).toBe('AsyncFunction');
    expect(handler.length).toBeLessThanOrEqual(2);
    expect(definition.name).toBe(node);
    expect(definition.description).toMatch(/^[A-Z].*\.$/);
  });

  test.each(nodes)('%s: the sample event is valid for it', (node) => {
    const event = JSON.parse(readFileSync(`events/${node}.json`, 'utf8'));
    if (node === 'redeliver') {
      expect(event.Records).toMatchObject([{ messageId: expect.any(String), eventSource: 'aws:sqs' }]);
    } else {
      expect(event).toMatchObject({ payload: expect.any(Object), context: { env: 'sandbox' } });
    }
  });

  test.each(nodes)('%s: its deployed name fits 64 characters in every stage', (node) => {
    for (const stage of STAGES) expect(`${service.service}-${stage}-${node}`.length).toBeLessThanOrEqual(64);
  });

  test.each(nodes)('%s: has a URL of its own, unless the queue feeds it', (node) => {
    const kinds = (service.functions[node]?.events ?? []).map((event) => Object.entries(event)[0]);
    if (node === 'redeliver') expect(kinds.map((kind) => kind?.[0])).toEqual(['sqs']);
    else expect(kinds).toEqual([['httpApi', `POST /nodes/${node}`]]);
  });
});

test('the service is named in serverless.yml and nowhere else', () => {
  const sources = globSync('{handlers,lib,infrastructure,tools,emulators,bench,pypestream,events}/**/*.*');
  expect(sources.length).toBeGreaterThan(150);
  expect(sources.filter((file) => readFileSync(file, 'utf8').includes(service.service))).toEqual([]);
});

describe('a stage', () => {
  test('is sandbox or prod, and nothing else', () => {
    expect(Object.keys(service.params).toSorted()).toEqual(['default', ...STAGES].toSorted());
  });

  test('has the same parameters as the other', () => {
    const [sandbox, prod] = STAGES.map((stage) => Object.keys(service.params[stage] ?? {}).toSorted());
    expect(sandbox).toEqual(prod);
  });
});

describe('the queues', () => {
  const { Resources: queues = {}, Outputs } = readYaml('infrastructure/queues.yml') as Template;

  test('hide a message for six times as long as redeliver may take', () => {
    const timeout = service.functions.redeliver?.timeout ?? service.provider.timeout;
    expect(queues.UndeliveredQueue?.Properties.VisibilityTimeout).toBe(6 * timeout);
  });

  test('hand over to the dead-letter queue what was received four hundred times, after about four days', () => {
    expect(queues.UndeliveredQueue?.Properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: '!GetAtt DeadLetterQueue.Arn',
      maxReceiveCount: 400,
    });
  });

  test('are outputs of the stack', () => {
    expect(Outputs).toEqual({
      UndeliveredQueueUrl: { Value: '!Ref UndeliveredQueue' },
      DeadLetterQueueUrl: { Value: '!Ref DeadLetterQueue' },
    });
  });

  test('feed redeliver, which answers message by message', () => {
    expect(service.functions.redeliver?.events).toEqual([
      {
        sqs: {
          arn: '!GetAtt UndeliveredQueue.Arn',
          batchSize: 100,
          maximumBatchingWindow: 5,
          maximumConcurrency: 5,
          functionResponseType: 'ReportBatchItemFailures',
        },
      },
    ]);
  });
});
