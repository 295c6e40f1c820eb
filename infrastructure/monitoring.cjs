// Alarms and the dashboard of a stage. Made by a program and not written out, so that a new node is on both by itself.
const { nodes } = require('./nodes.cjs');

const NAMESPACE = 'PypestreamBraze';

/** Each text says what to look at first and what to do about it: it is what an operator reads at night. */
const alarms = (stage, service) => ({
  DeadLettersAlarm: {
    name: 'dead-letters',
    text: `Requests wait for an operator. Run "npm run dead-letters -- --stage ${stage} list": it counts them by reason. misconfigured: mend the parameter or the key's permission, then redrive. rejected: Braze refuses the data; show one, mend the flow, discard. in_doubt: Braze may have it; look the person up in Braze, then redrive or discard. unreadable: no message of ours; show it, discard. busy, unclear: Braze was away for four days; redrive.`,
    metric: queueMetric('DeadLetterQueue', 'ApproximateNumberOfMessagesVisible', 'Maximum'),
    threshold: 0,
  },
  UndeliveredAlarm: {
    name: 'undelivered',
    text: 'A request has waited for over an hour. Look at the status page of Braze and at the log lines of redeliver (braze_status, error). It is sent by itself when Braze or SSM is back; after about four days it moves to the dead-letter queue, and 14 days after it was said it is gone. If redeliver does not run at all, look at its event source mapping and its throttles.',
    metric: queueMetric('UndeliveredQueue', 'ApproximateAgeOfOldestMessage', 'Maximum'),
    threshold: 3600,
  },
  MisconfiguredAlarm: {
    name: 'misconfigured',
    text: `A node cannot work until someone acts. Run "npm run doctor -- --stage ${stage}": it says which parameter, key or permission it is. The requests are in the dead-letter queue; redrive them afterwards. A conversation of another stage counts here, too: the detail in the flow's answer says so.`,
    metric: outcomeMetric(stage, 'misconfigured'),
    threshold: 0,
  },
  UnavailableAlarm: {
    name: 'unavailable',
    text: 'A request was neither delivered nor kept, so what that conversation said is lost unless the flow asks again. Look at the log lines with outcome unavailable: error names the failure. If SQS failed, look at the AWS status page; if it is an internal fault, its stack frames are in the line.',
    metric: outcomeMetric(stage, 'unavailable'),
    threshold: 0,
  },
  ...Object.fromEntries(
    inTens(nodes).map((some, index) => [
      `Throttles${index === 0 ? '' : index + 1}Alarm`,
      {
        name: `throttles${index === 0 ? '' : `-${index + 1}`}`,
        text: 'Lambda refused to start a node because the concurrency of the account is used up; those conversations took their error branch. Look at ConcurrentExecutions of the account, raise the quota, or reserve concurrency for the nodes (docs/scale.md).',
        metrics: throttleMetrics(some, stage, service),
        threshold: 0,
      },
    ]),
  ),
  RefusedAlarm: {
    name: 'refused',
    text: 'API Gateway refused calls of the HTTPS entry because there were too many a second; those conversations took their error branch and nothing of them was kept. Look at the route and the address in the access log (status 429). If they are conversations, deploy with a larger requestsPerSecond and requestsInBurst (docs/scale.md); if it is a stranger, the limit has done its work.',
    metric: { Namespace: NAMESPACE, MetricName: refusedCalls(stage), Statistic: 'Sum', Period: 300 },
    threshold: 0,
  },
});

/** A metric filter can't add the stage as a dimension, so it is in the name. */
const refusedCalls = (stage) => `refused-${stage}`;

const queueMetric = (queue, name, statistic) => ({
  Namespace: 'AWS/SQS',
  MetricName: name,
  Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
  Statistic: statistic,
  Period: 300,
});

const outcomeMetric = (stage, outcome) => ({
  Namespace: NAMESPACE,
  MetricName: 'calls',
  Dimensions: [
    { Name: 'stage', Value: stage },
    { Name: 'outcome', Value: outcome },
  ],
  Statistic: 'Sum',
  Period: 300,
});

/** An alarm takes no more than ten metrics (Amazon CloudWatch, "Using metric math"). */
const inTens = (list) =>
  Array.from({ length: Math.ceil(list.length / 10) }, (_, index) => list.slice(index * 10, index * 10 + 10));

const throttleMetrics = (some, stage, service) => [
  { Id: 'throttles', Expression: `SUM([${some.map((_, index) => `m${index}`).join(', ')}])` },
  ...some.map((node, index) => ({
    Id: `m${index}`,
    ReturnData: false,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Lambda',
        MetricName: 'Throttles',
        Dimensions: [{ Name: 'FunctionName', Value: `${service}-${stage}-${node}` }],
      },
      Period: 300,
      Stat: 'Sum',
    },
  })),
];

const dashboard = (stage, service) => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in.
  const region = '${AWS::Region}';
  const widget = (x, y, title, metrics, stat = 'Sum') => ({
    ...{ type: 'metric', x, y, width: 12, height: 6 },
    properties: { title, metrics, stat, region, period: 300, view: 'timeSeries' },
  });
  const search = (expression) => [{ expression: `SEARCH('${expression}', 'Sum', 300)`, id: 'e1' }];
  const queue = (name) => `${service}-${stage}-${name}`;
  return JSON.stringify({
    widgets: [
      widget(0, 0, 'Calls by node and outcome', [
        search(`{${NAMESPACE},stage,node,outcome} MetricName="calls" stage="${stage}"`),
      ]),
      widget(
        12,
        0,
        'Braze latency, 95th percentile (ms)',
        [...nodes.map((node) => [NAMESPACE, 'braze_ms', 'stage', stage, 'node', node])],
        'p95',
      ),
      widget(
        0,
        6,
        'Messages waiting',
        [
          ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', queue('undelivered')],
          ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', queue('dead-letters')],
        ],
        'Maximum',
      ),
      widget(
        12,
        6,
        'Lambda: duration, 99th percentile (ms)',
        [...nodes.map((node) => ['AWS/Lambda', 'Duration', 'FunctionName', `${service}-${stage}-${node}`])],
        'p99',
      ),
      widget(
        0,
        12,
        'Lambda: concurrent executions',
        [...nodes.map((node) => ['AWS/Lambda', 'ConcurrentExecutions', 'FunctionName', `${service}-${stage}-${node}`])],
        'Maximum',
      ),
      widget(12, 12, 'Lambda: throttles', [
        ...nodes.map((node) => ['AWS/Lambda', 'Throttles', 'FunctionName', `${service}-${stage}-${node}`]),
      ]),
    ],
  });
};

module.exports = async ({ resolveVariable }) => {
  const [stage, service] = await Promise.all(['sls:stage', 'self:service'].map(resolveVariable));
  const resources = Object.entries(alarms(stage, service)).map(([id, { name, text, metric, metrics, threshold }]) => [
    id,
    {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: `${service}-${stage}-${name}`,
        AlarmDescription: text,
        ...(metric ?? { Metrics: metrics }),
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: threshold,
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
        AlarmActions: { 'Fn::If': ['HasTopic', [{ Ref: 'AlarmTopic' }], { Ref: 'AWS::NoValue' }] },
        OKActions: { 'Fn::If': ['HasTopic', [{ Ref: 'AlarmTopic' }], { Ref: 'AWS::NoValue' }] },
      },
    },
  ]);
  return {
    Parameters: {
      AlarmTopic: { Type: 'String', Default: await resolveVariable('param:alarmTopicArn'), Description: 'SNS topic' },
    },
    Conditions: { HasTopic: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AlarmTopic' }, ''] }] } },
    Resources: {
      ...Object.fromEntries(resources),
      RefusedCalls: {
        Type: 'AWS::Logs::MetricFilter',
        Properties: {
          LogGroupName: { Ref: 'HttpApiLogGroup' },
          FilterPattern: '{ $.status = "429" }',
          MetricTransformations: [
            { MetricNamespace: NAMESPACE, MetricName: refusedCalls(stage), MetricValue: '1', Unit: 'Count' },
          ],
        },
      },
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: {
          DashboardName: `${service}-${stage}`,
          DashboardBody: { 'Fn::Sub': dashboard(stage, service) },
        },
      },
    },
  };
};
