// Alarms and the dashboard of a stage. Generated, so that every function is on both.
const { nodes } = require('./nodes.cjs');

const NAMESPACE = 'PypestreamBraze';
const PERIOD_S = 300;

/** Each text says what happened, the first command to run, and what to do about what it shows. */
const createAlarms = (stage, service) => ({
  DeadLettersAlarm: {
    name: 'dead-letters',
    text: `Requests wait for an operator. Run "npm run dead-letters -- --stage ${stage} list"; it counts them by reason. misconfigured: fix the parameter or the key's permission, then redrive. rejected: Braze does not accept the data; show one, fix the flow, discard. in_doubt: Braze may have it; look the person up in Braze, then redrive or discard. stale: a permission that could not be compared with the profile; look at the profile, then redrive or discard. expired: a message that would be sent too late; discard. unreadable: not a message of this service; show it, discard. busy, unknown: Braze was down for days; redrive. docs/operations.md has each reason.`,
    metric: toQueueMetric('DeadLetterQueue', 'ApproximateNumberOfMessagesVisible'),
  },
  UndeliveredAlarm: {
    name: 'undelivered',
    text: `A request has waited for over an hour. Look at status.braze.com, then run "npx serverless logs -f redeliver -s ${stage} --startTime 1h" and look at braze_status and error. It is retried until Braze is back; after about four days it moves to the dead-letter queue, and 14 days after the conversation it is deleted. If redeliver does not run at all, run "npm run doctor -- --stage ${stage}".`,
    metric: toQueueMetric('UndeliveredQueue', 'ApproximateAgeOfOldestMessage'),
    threshold: 3600,
  },
  MisconfiguredAlarm: {
    name: 'misconfigured',
    text: `A node cannot work until an operator acts. Run "npm run doctor -- --stage ${stage}"; it names the parameter, key or permission. The requests wait in the dead-letter queue: redrive them afterwards. A conversation of the other environment also counts here; nothing of it is kept.`,
    metric: toCallsMetric(stage, service, 'misconfigured'),
  },
  UnavailableAlarm: {
    name: 'unavailable',
    text: `A request was neither delivered nor stored, so its data is lost unless the flow asks the person again. Run "npx serverless logs -f NODE -s ${stage} --startTime 1h --filter unavailable" for each node; the error in the line names the failure. If SQS failed, look at the AWS Health Dashboard. If it is an internal error, report it with the stack frames in the line.`,
    metric: toCallsMetric(stage, service, 'unavailable'),
  },
  RejectedAlarm: {
    name: 'rejected',
    text: `Braze rejected everything that a conversation sent, and sending it again would not help. Run "npx serverless logs -f NODE -s ${stage} --startTime 1h --filter rejected" for each node; the line has braze_status and chat_id. Go through that flow in sandbox with the same kind of answers, and fix the flow.`,
    metric: toCallsMetric(stage, service, 'rejected'),
  },
  SettingsIgnoredAlarm: {
    name: 'settings-ignored',
    text: `A function could not read one of its optional settings and works without it. Run "npx serverless logs -f track-user -s ${stage} --startTime 1h --filter settings_ignored"; the line names the variables. Correct the param in serverless.yml or on the command line, and deploy.`,
    metric: toStageMetric(stage, service, 'calls_with_ignored_settings'),
  },
  ...toAlarmsOfTen('Errors', stage, service, {
    name: 'errors',
    text: `A function failed, timed out or could not start; that conversation took its error branch, and its data may be lost. Run "npx serverless logs -f NODE -s ${stage} --startTime 1h" for the function that the alarm's graph shows; look for "Task timed out", "Runtime." and level ERROR. After a deploy, go back with "npx serverless rollback -s ${stage} -t TIMESTAMP".`,
  }),
  ...toAlarmsOfTen('Throttles', stage, service, {
    name: 'throttles',
    text: `Lambda refused to start a node because the concurrency of the account is used up; that conversation took its error branch. Run "aws service-quotas get-service-quota --service-code lambda --quota-code L-B99A9384", compare with ConcurrentExecutions on the dashboard, and raise the quota or reserve concurrency for the nodes (docs/scale.md).`,
  }),
  RefusedAlarm: {
    name: 'refused',
    text: `API Gateway refused calls of the HTTPS entry because there were too many in a second; those conversations took their error branch, and nothing of them was kept. Run "aws logs tail /aws/http-api/${service}-${stage} --since 1h --filter-pattern 429" and look at route and ip. If they are conversations, deploy with a larger requestsPerSecond and requestsInBurst (docs/scale.md); if the traffic is not yours, no action is needed.`,
    metric: toMetric(NAMESPACE, toRefusedCallsName(stage, service), []),
  },
  ServerErrorsAlarm: {
    name: 'server-errors',
    text: `The HTTPS entry answered 5xx: API Gateway could not call a function, or the function gave no answer. Run "npm run doctor -- --stage ${stage}", then "aws logs tail /aws/http-api/${service}-${stage} --since 1h" and look at route and integration_status. The alarms errors and throttles say whether Lambda is the cause.`,
    metric: toMetric('AWS/ApiGateway', '5xx', [{ Name: 'ApiId', Value: { Ref: 'HttpApi' } }]),
  },
});

const toMetric = (Namespace, MetricName, Dimensions, Statistic = 'Sum') => ({
  Namespace,
  MetricName,
  Dimensions,
  Statistic,
  Period: PERIOD_S,
});

const toQueueMetric = (queue, name) =>
  toMetric('AWS/SQS', name, [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }], 'Maximum');

const toStageMetric = (stage, service, name, more = []) =>
  toMetric(NAMESPACE, name, [{ Name: 'service', Value: service }, { Name: 'stage', Value: stage }, ...more]);

const toCallsMetric = (stage, service, outcome) =>
  toStageMetric(stage, service, 'calls', [{ Name: 'outcome', Value: outcome }]);

/** The dimensions of a metric filter come from the access log, which has no service and no stage, so the name has them. */
const toRefusedCallsName = (stage, service) => `refused-${service}-${stage}`;

/**
 * An alarm on the sum over ten functions at a time: it takes no more than ten metrics.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
const toAlarmsOfTen = (metricName, stage, service, { name, text }) =>
  Object.fromEntries(
    Array.from({ length: Math.ceil(nodes.length / 10) }, (_, index) => {
      const ten = nodes.slice(index * 10, index * 10 + 10);
      const metrics = [
        { Id: 'total', Expression: `SUM([${ten.map((_, at) => `m${at}`).join(', ')}])`, Label: metricName },
        ...ten.map((node, at) => ({
          Id: `m${at}`,
          Label: node,
          ReturnData: false,
          MetricStat: {
            Metric: {
              Namespace: 'AWS/Lambda',
              MetricName: metricName,
              Dimensions: [{ Name: 'FunctionName', Value: `${service}-${stage}-${node}` }],
            },
            Period: PERIOD_S,
            Stat: 'Sum',
          },
        })),
      ];
      const part = index === 0 ? '' : index + 1;
      return [`${metricName}${part}Alarm`, { name: part === '' ? name : `${name}-${part}`, text, metrics }];
    }),
  );

const createDashboard = (stage, service) => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in.
  const region = '${AWS::Region}';
  const listFunctionMetrics = (name) =>
    nodes.map((node) => ['AWS/Lambda', name, 'FunctionName', `${service}-${stage}-${node}`]);
  const listQueueMetrics = (name) =>
    ['undelivered', 'dead-letters'].map((queue) => ['AWS/SQS', name, 'QueueName', `${service}-${stage}-${queue}`]);
  const search = `{${NAMESPACE},service,stage,node,outcome} MetricName="calls" service="${service}" stage="${stage}"`;
  const charts = [
    ['Calls by node and outcome', [[{ expression: `SEARCH('${search}', 'Sum', ${PERIOD_S})`, id: 'calls' }]], 'Sum'],
    [
      'Braze latency, 95th percentile (ms)',
      nodes.map((node) => [NAMESPACE, 'braze_ms', 'service', service, 'stage', stage, 'node', node]),
      'p95',
    ],
    ['Messages waiting', listQueueMetrics('ApproximateNumberOfMessagesVisible'), 'Maximum'],
    ['Lambda: duration, 99th percentile (ms)', listFunctionMetrics('Duration'), 'p99'],
    ['Lambda: errors and time-outs', listFunctionMetrics('Errors'), 'Sum'],
    ['Lambda: concurrent executions', listFunctionMetrics('ConcurrentExecutions'), 'Maximum'],
    ['Lambda: throttles', listFunctionMetrics('Throttles'), 'Sum'],
  ];
  return JSON.stringify({
    widgets: charts.map(([title, metrics, stat], index) => ({
      type: 'metric',
      x: (index % 2) * 12,
      y: Math.floor(index / 2) * 6,
      width: 12,
      height: 6,
      properties: { title, metrics, stat, region, period: PERIOD_S, view: 'timeSeries' },
    })),
  });
};

module.exports = async ({ resolveVariable }) => {
  const [stage, service, topic] = await Promise.all(
    ['sls:stage', 'self:service', 'param:alarmTopicArn'].map(resolveVariable),
  );
  const actions = { 'Fn::If': ['HasAlarmTopic', [{ Ref: 'AlarmTopicArn' }], { Ref: 'AWS::NoValue' }] };
  const resources = Object.entries(createAlarms(stage, service)).map(
    ([id, { name, text, metric, metrics, threshold = 0 }]) => [
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
          AlarmActions: actions,
          OKActions: actions,
        },
      },
    ],
  );
  return {
    Parameters: {
      AlarmTopicArn: {
        Type: 'String',
        Default: topic,
        AllowedPattern: '^$|^arn:aws[a-z-]*:sns:[a-z0-9-]+:\\d{12}:[\\w.-]+$',
        Description: 'ARN of the SNS topic that alarms go to; empty for none',
      },
    },
    Conditions: { HasAlarmTopic: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AlarmTopicArn' }, ''] }] } },
    Resources: {
      ...Object.fromEntries(resources),
      RefusedCalls: {
        Type: 'AWS::Logs::MetricFilter',
        Properties: {
          LogGroupName: { Ref: 'HttpApiLogGroup' },
          FilterPattern: '{ $.status = "429" }',
          MetricTransformations: [
            {
              MetricNamespace: NAMESPACE,
              MetricName: toRefusedCallsName(stage, service),
              MetricValue: '1',
              Unit: 'Count',
            },
          ],
        },
      },
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: {
          DashboardName: `${service}-${stage}`,
          DashboardBody: { 'Fn::Sub': createDashboard(stage, service) },
        },
      },
    },
  };
};
