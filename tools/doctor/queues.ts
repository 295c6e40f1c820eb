import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { call, clientSettings, failureOf } from '../aws.ts';
import { type Check, fail, ok, plural, skipped, unanswered, warn } from './check.ts';
import type { Deployed } from './stack.ts';

const FOURTEEN_DAYS = 1_209_600;
const ACTION = 'sqs:GetQueueAttributes';

const count = v.optional(v.pipe(v.string(), v.transform(Number)), '0');

const Attributes = v.object({
  QueueArn: v.optional(v.string(), ''),
  SqsManagedSseEnabled: v.optional(v.string()),
  KmsMasterKeyId: v.optional(v.string(), ''),
  MessageRetentionPeriod: count,
  ApproximateNumberOfMessages: count,
  ApproximateNumberOfMessagesNotVisible: count,
  ApproximateNumberOfMessagesDelayed: count,
  RedrivePolicy: v.optional(v.string(), '{}'),
});
type Queue = v.InferOutput<typeof Attributes>;

const RedrivePolicy = v.pipe(v.string(), v.parseJson(), v.object({ deadLetterTargetArn: v.string() }));

interface Kind {
  readonly name: 'undelivered' | 'dead letters';
  readonly output: 'UndeliveredQueueUrl' | 'DeadLetterQueueUrl';
}
const UNDELIVERED: Kind = { name: 'undelivered', output: 'UndeliveredQueueUrl' };
const DEAD_LETTERS: Kind = { name: 'dead letters', output: 'DeadLetterQueueUrl' };

const attributesOf = async (client: SQSClient, url: string): Promise<Queue> => {
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] });
  const { Attributes: found = {} } = await call((options) => client.send(command, options));
  return v.parse(Attributes, found);
};

const isEncrypted = ({ SqsManagedSseEnabled, KmsMasterKeyId }: Queue): boolean =>
  SqsManagedSseEnabled === 'true' || KmsMasterKeyId !== '';

const pointsAt = ({ RedrivePolicy: policy }: Queue, target: Queue | undefined): boolean => {
  const parsed = v.safeParse(RedrivePolicy, policy);
  return parsed.success && (target === undefined || parsed.output.deadLetterTargetArn === target.QueueArn);
};

const faultsOf = ({ name }: Kind, queue: Queue, deadLetters: Queue | undefined): readonly string[] => [
  ...(isEncrypted(queue) ? [] : ['is not encrypted']),
  ...(queue.MessageRetentionPeriod === FOURTEEN_DAYS ? [] : ['does not keep messages for 14 days']),
  ...(name === 'dead letters' || pointsAt(queue, deadLetters)
    ? []
    : ['does not hand over to the dead-letter queue (redrive policy)']),
];

const setUp = (kind: Kind, queue: Queue, deadLetters: Queue | undefined): Check => {
  const check = `queue ${kind.name}`;
  const faults = faultsOf(kind, queue, deadLetters);
  if (faults.length > 0) return fail(check, `The queue ${faults.join(', ')}: deploy again.`);
  const redrive = kind === UNDELIVERED ? ', hands over to the dead-letter queue' : '';
  return ok(check, `Encrypted, keeps messages for 14 days${redrive}.`);
};

const waitingIn = (queue: Queue): number =>
  queue.ApproximateNumberOfMessages +
  queue.ApproximateNumberOfMessagesNotVisible +
  queue.ApproximateNumberOfMessagesDelayed;

const durationOf = (seconds: number): string => {
  if (seconds < 120) return plural(Math.round(seconds), 'second');
  if (seconds < 7_200) return plural(Math.round(seconds / 60), 'minute');
  return seconds < 172_800 ? plural(Math.round(seconds / 3_600), 'hour') : plural(Math.round(seconds / 86_400), 'day');
};

/** How long the oldest message waits; only a hint, so that not knowing it is no failure. */
const ageHint = async ({ QueueArn }: Queue, region: string): Promise<string> => {
  const action = 'cloudwatch:GetMetricStatistics';
  const command = new GetMetricStatisticsCommand({
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    Dimensions: [{ Name: 'QueueName', Value: QueueArn.slice(QueueArn.lastIndexOf(':') + 1) }],
    StartTime: new Date(Date.now() - 15 * 60_000),
    EndTime: new Date(),
    Period: 300,
    Statistics: ['Maximum'],
  });
  try {
    const client = new CloudWatchClient(clientSettings(region));
    const { Datapoints = [] } = await call((options) => client.send(command, options));
    const newest = Datapoints.toSorted((a, b) => Number(b.Timestamp) - Number(a.Timestamp))[0]?.Maximum;
    return newest === undefined ? 'its age is not known yet' : `the oldest for ${durationOf(newest)}`;
  } catch (error) {
    const { kind } = failureOf(error, action);
    return kind === 'denied' ? `its age needs the action ${action}` : 'its age is not known';
  }
};

const ADVICE = {
  undelivered: 'they are delivered again by themselves; if the number does not fall, look at Braze and at redeliver',
  'dead letters': 'each waits for you: see the reason, then redrive or discard it',
} as const;

const waiting = async ({ name }: Kind, queue: Queue, region: string): Promise<Check> => {
  const check = `waiting ${name}`;
  const messages = waitingIn(queue);
  if (messages === 0) return ok(check, 'None.');
  return warn(check, `${plural(messages, 'message')}, ${await ageHint(queue, region)}; ${ADVICE[name]}.`);
};

const checkQueue = async (kind: Kind, queue: Queue | Check, other: Queue | Check, region: string) => {
  if ('status' in queue) return [queue];
  const deadLetters = 'status' in other ? undefined : other;
  return [setUp(kind, queue, deadLetters), await waiting(kind, queue, region)];
};

/** The two queues as they are set up, and what waits in them. */
export const checkQueues = async (
  { undeliveredQueueUrl, deadLetterQueueUrl }: Deployed,
  stack: Check,
  region: string,
): Promise<readonly Check[]> => {
  const client = new SQSClient({ ...clientSettings(region), useQueueUrlAsEndpoint: false });
  const look = async ({ name, output }: Kind, url: string | undefined): Promise<Queue | Check> => {
    const check = `queue ${name}`;
    if (url === undefined) {
      return stack.status === 'ok' || stack.status === 'warn'
        ? fail(check, `The stack has no output ${output}: deploy again.`)
        : skipped(check, 'Needs the stack, whose outputs say where it is.');
    }
    try {
      return await attributesOf(client, url);
    } catch (error) {
      return /QueueDoesNotExist|NonExistentQueue/.test(failureOf(error, ACTION).name)
        ? fail(check, 'The queue is gone: deploy again.')
        : unanswered(check, error, ACTION);
    }
  };

  const [undelivered, deadLetters] = await Promise.all([
    look(UNDELIVERED, undeliveredQueueUrl),
    look(DEAD_LETTERS, deadLetterQueueUrl),
  ]);
  const checks = await Promise.all([
    checkQueue(UNDELIVERED, undelivered, deadLetters, region),
    checkQueue(DEAD_LETTERS, deadLetters, deadLetters, region),
  ]);
  return checks.flat();
};
