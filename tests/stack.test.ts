import { type Package, packageStage, type Resource } from './support/package-stage.ts';
import { nodes, service } from './support/service.ts';

const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alarms';
const BRAND = service.service === 'second-brand' ? 'third-brand' : 'second-brand';
/** As it is, and as another brand has it: another name, a KMS key and a topic of its own, packaged by a careful user. */
const PACKAGINGS = [
  { stage: 'sandbox', service: service.service },
  {
    stage: 'prod',
    service: BRAND,
    params: [`kmsKeyArn=${KEY}`, `alarmTopicArn=${TOPIC}`, 'defaultCountry= uk', 'dateOrder=Dmy', 'replayInDoubt=True'],
    umask: '077',
    environment: { AWS_DEFAULT_REGION: 'eu-west-1' },
  },
];
const packages = new Map<string, Package>();

beforeAll(async () => {
  await Promise.all(PACKAGINGS.map(async (packaging) => packages.set(packaging.stage, await packageStage(packaging))));
});

test('the stack goes to the region of AWS_DEFAULT_REGION, and without it to us-east-1', () => {
  expect(packages.get('prod')?.output).toContain('(eu-west-1)');
  expect(packages.get('sandbox')?.output).toContain('(us-east-1)');
});

test('packaging fails with invalid params; the error names each and what it accepts', async () => {
  const params = [
    ...['defaultCountry=Narnia', 'dateOrder=YMD', 'replayInDoubt=perhaps', 'timeBudgetMs=6s', 'parameterTtlMs=0'],
    ...['requestsPerSecond=many', 'kmsKeyArn=alias/key', 'verifiedNodes=get-profile, get-profil', 'defaultcountry=DE'],
  ];
  await expect(packageStage({ stage: 'sandbox', params })).rejects.toMatchObject({
    stdout: expect.stringMatching(
      new RegExp(
        [
          'There is no param defaultcountry; there are .*defaultCountry',
          'param kmsKeyArn is invalid. It accepts the ARN of a KMS key',
          'param requestsPerSecond is invalid. It accepts a whole number',
          'param verifiedNodes is invalid. It accepts names of nodes',
          'param defaultCountry is invalid. It accepts an ISO 3166-1 alpha-2 code',
          'param dateOrder is invalid. It accepts DMY or MDY',
          'param replayInDoubt is invalid. It accepts true or false',
          'param timeBudgetMs is invalid. It accepts milliseconds',
          'param parameterTtlMs is invalid. It accepts milliseconds',
        ].join('[^]*'),
      ),
    ),
  });
});

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

describe.each(PACKAGINGS)('the stack $service-$stage', ({ stage, service: name }) => {
  const stack = `${name}-${stage}`;
  const packaged = (): Package => {
    const found = packages.get(stage);
    if (found === undefined) throw new Error(`${stage} was not packaged.`);
    return found;
  };
  const resources = (type: string): readonly (readonly [string, Resource])[] =>
    Object.entries(packaged().template.Resources).filter(([, { Type }]) => Type === type);
  const properties = (id: string) => Object(packaged().template.Resources[id]?.Properties);
  const statements = (id: string): readonly Statement[] => {
    const { Policies, PolicyDocument } = properties(id);
    return (PolicyDocument ?? Policies[0].PolicyDocument).Statement;
  };
  const parameter = (path: string) => ({
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's.
    'Fn::Sub': '${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/'.replace(/^/, 'arn:') + path,
  });

  test('names everything after the service and the stage', () => {
    const named = Object.values(packaged().template.Resources).flatMap(({ Properties }) =>
      ['FunctionName', 'QueueName', 'AlarmName', 'LogGroupName', 'DashboardName'].flatMap((key) => {
        const value = Properties[key];
        return typeof value === 'string' ? [value] : [];
      }),
    );
    expect(named.length).toBeGreaterThan(3 * nodes.length);
    expect(named.filter((text) => !text.split('/').includes(stack) && !text.includes(`${stack}-`))).toEqual([]);
    expect(packaged().text).not.toContain(name === BRAND ? service.service : BRAND);
  });

  test('has zips of which Lambda can read every file, whatever the umask at packaging', () => {
    expect([...packaged().zips.keys()]).toEqual(nodes);
    for (const [node, entries] of packaged().zips) {
      expect(entries.map((entry) => entry.name)).toContain(`handlers/${node}.cjs`);
      expect(entries.map(({ mode }) => mode.toString(8))).toEqual(entries.map(() => '644'));
    }
  });

  test('has zips of at most 150 KB', () => {
    const sizes = [...packaged().zips].map(([node, entries]) => ({
      node,
      kilobytes: entries.reduce((sum, { zippedBytes }) => sum + zippedBytes, 0) / 1_024,
    }));
    expect(sizes.filter(({ kilobytes }) => kilobytes > 150)).toEqual([]);
  });

  test('has what only parsing needs in the zip of every node, and not in that of redeliver, which parses nothing', () => {
    const parsing = ['handlers/other-words.cjs', 'handlers/phone-number.cjs', 'handlers/time-zone-names.cjs'];
    for (const [node, entries] of packaged().zips) {
      const held = entries.map(({ name }) => name).filter((name) => parsing.includes(name));
      expect(held.toSorted()).toEqual(node === 'redeliver' ? [] : parsing);
    }
  });

  test('gives every function its service, stage, parameters and queues', () => {
    const functions = resources('AWS::Lambda::Function');
    expect(functions).toHaveLength(nodes.length);
    for (const [, { Properties }] of functions) {
      expect(Object(Properties.Environment).Variables).toMatchObject({
        SERVICE: name,
        STAGE: stage,
        PARAMETER_PATH: `/${name}/${stage}`,
        UNDELIVERED_QUEUE_URL: { Ref: 'UndeliveredQueue' },
        DEAD_LETTER_QUEUE_URL: { Ref: 'DeadLetterQueue' },
      });
    }
  });

  test('lets every function but redeliver read the secrets of its HTTPS entry', () => {
    const without = resources('AWS::Lambda::Function').filter(
      ([, { Properties }]) => Object(Properties.Environment).Variables.HTTPS_ENTRY === 'false',
    );
    expect(without.map(([id]) => id)).toEqual(['RedeliverLambdaFunction']);
  });

  test('lets the nodes read the stage’s parameters and store messages, and no more', () => {
    expect(statements('NodeRole').map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], expect.anything()],
      ['ssm:GetParameters', parameter(`${name}/${stage}/*`)],
      ['sqs:SendMessage', ['UndeliveredQueue', 'DeadLetterQueue'].map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] }))],
    ]);
  });

  test('lets redeliver read what Braze needs and take messages out of its queue, but not read a node’s secrets', () => {
    expect(statements('RedeliverRole').map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], expect.anything()],
      ['ssm:GetParameters', ['braze_url', 'braze_api_key'].map((key) => parameter(`${name}/${stage}/${key}`))],
      ['sqs:SendMessage', { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] }],
      [
        ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
        { 'Fn::GetAtt': ['UndeliveredQueue', 'Arn'] },
      ],
    ]);
    const roles = resources('AWS::Lambda::Function').map(([id, { Properties }]) => [id, Properties.Role]);
    expect(roles.filter(([, role]) => JSON.stringify(role).includes('RedeliverRole'))).toEqual([
      ['RedeliverLambdaFunction', { 'Fn::GetAtt': ['RedeliverRole', 'Arn'] }],
    ]);
  });

  test('keeps both queues, encrypted and for 14 days, when it is removed or a queue is replaced', () => {
    const queues = resources('AWS::SQS::Queue');
    expect(queues.map(([id]) => id)).toEqual(['UndeliveredQueue', 'DeadLetterQueue']);
    for (const [, queue] of queues) {
      expect(queue).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      expect(queue.Properties).toMatchObject({
        MessageRetentionPeriod: 14 * 24 * 60 * 60,
        KmsMasterKeyId: { 'Fn::If': ['HasKmsKey', { Ref: 'KmsKeyArn' }, { Ref: 'AWS::NoValue' }] },
        SqsManagedSseEnabled: { 'Fn::If': ['HasKmsKey', false, true] },
      });
    }
  });

  test('denies access to the queues without TLS', () => {
    expect(properties('QueuePolicy').Queues).toEqual([{ Ref: 'UndeliveredQueue' }, { Ref: 'DeadLetterQueue' }]);
    expect(statements('QueuePolicy')).toEqual([
      expect.objectContaining({
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ]);
  });

  test('encrypts every log group with the KMS key if there is one', () => {
    const groups = resources('AWS::Logs::LogGroup');
    expect(groups).toHaveLength(nodes.length + 1);
    for (const [, { Properties }] of groups) {
      expect(Properties.KmsKeyId).toEqual({ 'Fn::If': ['HasKmsKey', { Ref: 'KmsKeyArn' }, { Ref: 'AWS::NoValue' }] });
    }
  });

  test('uses the KMS key through SSM and SQS only', () => {
    expect(packaged().template.Resources.UseKmsKey?.Condition).toBe('HasKmsKey');
    const via = (aws: string) => ({
      StringEquals: { 'kms:ViaService': { 'Fn::Sub': `${aws}.$\{AWS::Region}.$\{AWS::URLSuffix}` } },
    });
    expect(statements('UseKmsKey')).toEqual([
      expect.objectContaining({ Action: 'kms:Decrypt', Condition: expect.objectContaining(via('ssm')) }),
      expect.objectContaining({ Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Condition: via('sqs') }),
    ]);
    expect(packaged().template.Parameters.KmsKeyArn?.Default).toBe(name === BRAND ? KEY : '');
  });

  test('keeps old versions of deployments in a private bucket', () => {
    expect(properties('ServerlessDeploymentBucket')).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  describe('has alarms', () => {
    const alarms = () => resources('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
    const alarm = (suffix: string) => Object(alarms().find(({ AlarmName }) => AlarmName === `${stack}-${suffix}`));
    const functionsIn = (metric: string): readonly string[] =>
      alarms()
        .flatMap(({ Metrics }) => (Array.isArray(Metrics) ? Metrics : []))
        .flatMap(({ MetricStat }) => (MetricStat?.Metric.MetricName === metric ? MetricStat.Metric.Dimensions : []))
        .map(({ Value }) => Value);

    test('with the first command to run, and with a topic if there is one', () => {
      expect(alarms().length).toBeGreaterThanOrEqual(10);
      for (const { AlarmDescription, ...properties } of alarms()) {
        expect(AlarmDescription).toMatch(/[Rr]un "(?:npm run|npx serverless|aws) /);
        // CloudWatch takes no more.
        expect(String(AlarmDescription).length).toBeLessThanOrEqual(1_024);
        expect(properties).toMatchObject({
          TreatMissingData: 'notBreaching',
          AlarmActions: { 'Fn::If': ['HasAlarmTopic', [{ Ref: 'AlarmTopicArn' }], { Ref: 'AWS::NoValue' }] },
        });
      }
      expect(packaged().template.Parameters.AlarmTopicArn?.Default).toBe(name === BRAND ? TOPIC : '');
    });

    test.each(['Errors', 'Throttles'])('on the %s of every function, ten of them in one alarm at most', (metric) => {
      expect(functionsIn(metric).toSorted()).toEqual(nodes.map((node) => `${stack}-${node}`));
      for (const { Metrics } of alarms()) {
        // The sum is one more.
        if (Array.isArray(Metrics)) expect(Metrics.length).toBeLessThanOrEqual(11);
      }
    });

    test.each(['misconfigured', 'unavailable', 'rejected'])('on calls that end as %s', (outcome) => {
      expect(alarm(outcome)).toMatchObject({
        Namespace: 'PypestreamBraze',
        MetricName: 'calls',
        Dimensions: [
          { Name: 'service', Value: name },
          { Name: 'stage', Value: stage },
          { Name: 'outcome', Value: outcome },
        ],
        Threshold: 0,
      });
    });

    test('on optional settings that are invalid', () => {
      expect(alarm('settings-ignored')).toMatchObject({
        MetricName: 'calls_with_ignored_settings',
        Dimensions: [
          { Name: 'service', Value: name },
          { Name: 'stage', Value: stage },
        ],
      });
    });

    test('on messages that wait in either queue', () => {
      expect(alarm('dead-letters')).toMatchObject({ MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 0 });
      expect(alarm('undelivered')).toMatchObject({ MetricName: 'ApproximateAgeOfOldestMessage', Threshold: 3_600 });
    });

    test('on answers of the HTTPS entry with 5xx', () => {
      expect(alarm('server-errors')).toMatchObject({
        Namespace: 'AWS/ApiGateway',
        MetricName: '5xx',
        Dimensions: [{ Name: 'ApiId', Value: { Ref: 'HttpApi' } }],
      });
    });

    test('on calls that the HTTPS entry refused, which its access log counts', () => {
      const { MetricTransformations, ...filter } = properties('RefusedCalls');
      expect(filter).toEqual({ LogGroupName: { Ref: 'HttpApiLogGroup' }, FilterPattern: '{ $.status = "429" }' });
      const [{ MetricNamespace, MetricName }] = MetricTransformations;
      expect(alarm('refused')).toMatchObject({ Namespace: MetricNamespace, MetricName });
      expect(MetricName).toBe(`refused-${stack}`);
    });

    test('that an access log line of a refused call reaches: it is JSON, and its status is 429', () => {
      const { Format } = properties('HttpApiStage').AccessLogSettings;
      const values: Readonly<Record<string, string>> = {
        requestId: 'KmtPnjB9IAMEJkg=',
        routeKey: 'POST /nodes/track-user',
        status: '429',
        integrationStatus: '-',
        responseLatency: '1',
        'identity.sourceIp': '203.0.113.7',
        'error.responseType': 'THROTTLED',
        'error.message': 'Too Many Requests',
        // API Gateway gives this one with quotation marks of its own.
        'error.messageString': '"Too Many Requests"',
      };
      const line = String(Format).replace(/\$context\.([\w.]+)/g, (_, variable: string) => values[variable] ?? '"?"');
      expect(JSON.parse(line)).toMatchObject({ status: '429', route: 'POST /nodes/track-user', error: 'THROTTLED' });
    });
  });

  test('has a dashboard with every function', () => {
    const body = String(properties('Dashboard').DashboardBody['Fn::Sub']);
    expect(JSON.parse(body).widgets.length).toBeGreaterThan(3);
    for (const node of nodes) expect(body).toContain(`${stack}-${node}`);
    expect(body).toContain(`service=\\"${name}\\" stage=\\"${stage}\\"`);
  });
});
