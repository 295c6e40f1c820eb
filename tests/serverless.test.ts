import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { nodes, readYaml, sampleEvents, service } from './support/service.ts';

const STAGES = ['sandbox', 'prod'];
const require = createRequire(join(process.cwd(), 'serverless.yml'));

interface Template {
  readonly Resources?: { readonly [id: string]: { readonly Type: string; readonly Properties: Properties } };
  readonly Outputs?: { readonly [id: string]: unknown };
  readonly extensions?: { readonly [id: string]: { readonly Properties: Properties } };
}
interface Properties {
  readonly [name: string]: unknown;
}

/** What a program adds to the stack of a stage. */
const made = (file: string, stage: string): Promise<Template> => {
  const variables: Readonly<Record<string, unknown>> = {
    'sls:stage': stage,
    'self:service': service.service,
    'self:provider.environment': { STAGE: stage },
    'param:alarmTopicArn': '',
  };
  return require(`./infrastructure/${file}`)({ resolveVariable: async (name: string) => variables[name] });
};

describe('each node', () => {
  test('is a handler, a function and a sample event', () => {
    expect(Object.keys(service.functions).toSorted()).toEqual(nodes);
    expect(sampleEvents).toEqual(nodes);
  });

  test.each(nodes)('%s: the function runs the handler of its name', (node) => {
    expect(service.functions[node]?.handler).toBe(`handlers/${node}.handler`);
  });

  test.each(nodes)('%s: the handler is one that Lambda awaits, and declares its name', async (node) => {
    const { handler } = await import(`../handlers/${node}.ts`);
    // Lambda's Node 24 goes by this name, and refuses a third parameter.
    expect(handler.constructor.name).toBe('AsyncFunction');
    expect(handler.length).toBeLessThanOrEqual(2);
    expect(handler.node).toBe(node);
    expect(handler.description).toMatch(/^[A-Z].*\.$/);
  });

  test.each(nodes)('%s: the sample event is one of its kind', (node) => {
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

describe('a stage', () => {
  test('is sandbox or prod, and nothing else', () => {
    expect(Object.keys(service.params).toSorted()).toEqual(['default', ...STAGES].toSorted());
  });

  test('has the same parameters as the other', () => {
    const [sandbox, prod] = STAGES.map((stage) => Object.keys(service.params[stage] ?? {}).toSorted());
    expect(sandbox).toEqual(prod);
  });

  test.each(STAGES)('%s: gives every node the queues, and the environment that all share', async (stage) => {
    const { extensions = {} } = await made('functions.cjs', stage);
    expect(Object.keys(extensions)).toHaveLength(nodes.length);
    expect(extensions.TrackDashuserLambdaFunction).toEqual({
      Properties: {
        Environment: {
          Variables: {
            STAGE: stage,
            UNDELIVERED_QUEUE_URL: { Ref: 'UndeliveredQueue' },
            DEAD_LETTER_QUEUE_URL: { Ref: 'DeadLetterQueue' },
          },
        },
      },
    });
  });

  test.each(STAGES)('%s: alarms with what to look at and what to do', async (stage) => {
    const { Resources = {} } = await made('monitoring.cjs', stage);
    const alarms = Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
    expect(alarms.map(({ Properties }) => Properties.AlarmName).toSorted()).toEqual(
      ['dead-letters', 'misconfigured', 'refused', 'throttles', 'unavailable', 'undelivered'].map(
        (name) => `${service.service}-${stage}-${name}`,
      ),
    );
    for (const { Properties } of alarms) {
      const text = String(Properties.AlarmDescription);
      expect(text).toMatch(/[Ll]ook|Run/);
      // CloudWatch takes no more.
      expect(text.length).toBeLessThanOrEqual(1_024);
      expect(Properties).toMatchObject({ TreatMissingData: 'notBreaching', AlarmActions: expect.anything() });
    }
  });

  test.each(STAGES)(
    '%s: counts the calls that API Gateway refused, under the name that the alarm looks at',
    async (stage) => {
      const { Resources = {} } = await made('monitoring.cjs', stage);
      expect(Resources.RefusedCalls?.Properties).toMatchObject({
        LogGroupName: { Ref: 'HttpApiLogGroup' },
        FilterPattern: '{ $.status = "429" }',
        MetricTransformations: [
          { MetricNamespace: 'PypestreamBraze', MetricName: `refused-${stage}`, MetricValue: '1' },
        ],
      });
      expect(Resources.RefusedAlarm?.Properties).toMatchObject({
        Namespace: 'PypestreamBraze',
        MetricName: `refused-${stage}`,
      });
      // As the access log writes it.
      expect(service.provider.logs.httpApi.format).toContain('"status":"$context.status"');
    },
  );

  test.each(STAGES)('%s: has a dashboard on which is every node', async (stage) => {
    const { Resources = {} } = await made('monitoring.cjs', stage);
    const { DashboardBody } = Object(Resources.Dashboard?.Properties);
    const body = String(DashboardBody['Fn::Sub']);
    expect(JSON.parse(body).widgets.length).toBeGreaterThan(3);
    for (const node of nodes) expect(body).toContain(`${service.service}-${stage}-${node}`);
  });
});

describe('the roles', () => {
  const { Resources: roles = {} } = readYaml('infrastructure/roles.yml') as Template;
  const statementsOf = (role: string) => {
    const [policy] = Object(roles[role]?.Properties).Policies;
    const statements: { Action: string | string[]; Resource: unknown }[] = policy.PolicyDocument.Statement;
    return statements.flatMap(({ Action, Resource }) => [Action].flat().map((action) => [action, Resource]));
  };
  const shared = [
    [
      'logs:CreateLogStream',
      expect.stringMatching(/:log-group:\/aws\/lambda\/\$\{self:service\}-\$\{sls:stage\}-\*:\*$/),
    ],
    ['logs:PutLogEvents', expect.stringMatching(/:log-group:\/aws\/lambda\/\$\{self:service\}-\$\{sls:stage\}-\*:\*$/)],
    ['ssm:GetParameters', expect.stringMatching(/:parameter\/pypestream-braze\/\$\{sls:stage\}\/\*$/)],
  ];

  test('of the nodes read their stage’s parameters and put messages into the two queues, and no more', () => {
    expect(service.provider.iam.role).toBe('NodeRole');
    expect(statementsOf('NodeRole')).toEqual([
      ...shared,
      ['sqs:SendMessage', ['!GetAtt UndeliveredQueue.Arn', '!GetAtt DeadLetterQueue.Arn']],
    ]);
  });

  test('of redeliver alone takes messages out of the one that it is fed by', () => {
    const own = Object.entries(service.functions).flatMap(([node, { role }]) =>
      role === undefined ? [] : [[node, role]],
    );
    expect(own).toEqual([['redeliver', 'RedeliverRole']]);
    expect(statementsOf('RedeliverRole')).toEqual([
      ...shared,
      ['sqs:SendMessage', '!GetAtt DeadLetterQueue.Arn'],
      ['sqs:ReceiveMessage', '!GetAtt UndeliveredQueue.Arn'],
      ['sqs:DeleteMessage', '!GetAtt UndeliveredQueue.Arn'],
      ['sqs:GetQueueAttributes', '!GetAtt UndeliveredQueue.Arn'],
      ['sqs:ChangeMessageVisibility', '!GetAtt UndeliveredQueue.Arn'],
    ]);
  });
});

describe('the queues', () => {
  const { Resources: queues = {}, Outputs } = readYaml('infrastructure/queues.yml') as Template;

  test('are encrypted and keep a message for 14 days', () => {
    expect(Object.keys(queues)).toEqual(['UndeliveredQueue', 'DeadLetterQueue']);
    for (const { Properties } of Object.values(queues)) {
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 24 * 60 * 60 });
    }
  });

  test('hide a message for six times as long as redeliver may take', () => {
    const timeout = service.functions.redeliver?.timeout ?? service.provider.timeout;
    expect(queues.UndeliveredQueue?.Properties.VisibilityTimeout).toBe(6 * timeout);
  });

  test('hand over to the dead-letter queue what was received a hundred times', () => {
    expect(queues.UndeliveredQueue?.Properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: '!GetAtt DeadLetterQueue.Arn',
      maxReceiveCount: 100,
    });
  });

  test('are told to the operator', () => {
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
