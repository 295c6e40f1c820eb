import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { LOCAL_AWS } from './support/queues.ts';

const Plugin = createRequire(join(process.cwd(), 'serverless.yml'))('./infrastructure/plugin.cjs');

const CONNECTION = {
  region: 'us-east-1',
  endpoint: LOCAL_AWS.AWS_ENDPOINT_URL_SQS,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

describe('serverless remove', () => {
  const sqs = new SQSClient(CONNECTION);
  afterAll(() => sqs.destroy());

  /** Runs what the plugin does before the stack `service`-sandbox is removed, and returns what it prints. */
  const remove = async (service: string, connection: object = CONNECTION): Promise<readonly string[]> => {
    const printed: string[] = [];
    const provider = { getStage: () => 'sandbox', getAwsSdkV3Config: async () => connection };
    const print = (level: string) => (text: string) => printed.push(`${level}: ${text}`);
    const log = { notice: print('notice'), warning: print('warning') };
    const plugin = new Plugin({ service: { service }, getProvider: () => provider }, {}, { log });
    await plugin.hooks['before:remove:remove']();
    return printed;
  };

  test('warns of the messages that wait in a queue, which nothing will send any more', async () => {
    const service = `brand-${randomUUID().slice(0, 8)}`;
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `${service}-sandbox-undelivered` }));
    await sqs.send(new CreateQueueCommand({ QueueName: `${service}-sandbox-dead-letters` }));
    for (const MessageBody of ['one', 'two']) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 60 }));
    expect(await remove(service)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^warning: The queue ${service}-sandbox-undelivered stays, with about 3 messages\\. Nothing sends them`,
        ),
      ),
      `notice: The queue ${service}-sandbox-dead-letters stays; it is empty.`,
    ]);
  });

  test('goes on where the queues cannot be looked at, and says so', async () => {
    expect(await remove('never-deployed')).toEqual(
      ['undelivered', 'dead-letters'].map((queue) =>
        expect.stringMatching(
          new RegExp(`^warning: The queue never-deployed-sandbox-${queue} could not be looked at \\(\\w+\\); it stays`),
        ),
      ),
    );
  });
});
