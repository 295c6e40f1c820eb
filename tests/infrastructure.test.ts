import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type SqsEmulator, startSqs } from '../emulators/sqs.ts';

const requireFromRoot = createRequire(join(process.cwd(), 'serverless.yml'));
const Plugin = requireFromRoot('./infrastructure/plugin.cjs');

describe('serverless remove', () => {
  let sqs: SqsEmulator;
  beforeAll(async () => {
    sqs = await startSqs();
  });
  afterAll(() => sqs.close());

  /** Runs what the plugin does before the stack `service`-sandbox is removed, and returns what it prints. */
  const remove = async (service: string): Promise<readonly string[]> => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const connection = { region: 'us-east-1', endpoint: sqs.url, credentials };
    const printed: string[] = [];
    const provider = { getStage: () => 'sandbox', getAwsSdkV3Config: async () => connection };
    const print = (level: string) => (text: string) => printed.push(`${level}: ${text}`);
    const log = { notice: print('notice'), warning: print('warning') };
    const plugin = new Plugin({ service: { service }, getProvider: () => provider }, {}, { log });
    await plugin.hooks['before:remove:remove']();
    return printed;
  };

  test('warns of messages in a queue, which nothing will send any more', async () => {
    const undelivered = sqs.createQueue('brand-sandbox-undelivered');
    sqs.createQueue('brand-sandbox-dead-letters');
    for (const body of ['one', 'two']) undelivered.put(body);
    undelivered.add('later', {}, 60);
    expect(await remove('brand')).toEqual([
      expect.stringMatching(
        /^warning: The queue brand-sandbox-undelivered stays, with about 3 messages\. Nothing sends them/,
      ),
      'notice: The queue brand-sandbox-dead-letters stays; it is empty.',
    ]);
  });

  test('goes on if the queues cannot be checked, and says so', async () => {
    expect(await remove('never-deployed')).toEqual(
      ['undelivered', 'dead-letters'].map((queue) =>
        expect.stringMatching(
          new RegExp(
            `^warning: The queue never-deployed-sandbox-${queue} could not be checked \\(\\w+\\). If it exists, it stays`,
          ),
        ),
      ),
    );
  });
});

test('the alarms cost what the documentation says', async () => {
  const resolveVariable = async (name: string) => (name === 'param:alarmTopicArn' ? '' : name);
  const { Resources } = await requireFromRoot('./infrastructure/monitoring.cjs')({ resolveVariable });
  const metrics = Object.values<{ Properties: { MetricName?: string; Metrics?: { MetricStat?: object }[] } }>(Resources)
    .map(({ Properties }) =>
      Properties.MetricName === undefined
        ? (Properties.Metrics ?? []).filter(({ MetricStat }) => MetricStat !== undefined).length
        : 1,
    )
    .reduce((sum, count) => sum + count, 0);
  expect(readFileSync('docs/operations.md', 'utf8')).toMatch(
    new RegExp(`\\| Alarms \\| ${metrics} metrics .* \\| \\$${(metrics / 10).toFixed(2)} \\|`),
  );
});
