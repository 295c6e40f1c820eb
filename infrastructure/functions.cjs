// The queues' URLs are added to the functions here and not under provider.environment: there, `serverless invoke local`
// would ask CloudFormation for them, and so would need an account and a deployed stack.
const { nodes, toLogicalId } = require('./nodes.cjs');

const QUEUE_URLS = {
  UNDELIVERED_QUEUE_URL: { Ref: 'UndeliveredQueue' },
  DEAD_LETTER_QUEUE_URL: { Ref: 'DeadLetterQueue' },
};
const KMS_KEY = { KmsKeyId: { 'Fn::If': ['HasKmsKey', { Ref: 'KmsKeyArn' }, { Ref: 'AWS::NoValue' }] } };

module.exports = async ({ resolveVariable }) => {
  const shared = await resolveVariable('self:provider.environment');
  const declared = await resolveVariable('self:functions');
  const functions = nodes.map((node) => {
    const Variables = { ...shared, ...declared[node]?.environment, ...QUEUE_URLS };
    return [`${toLogicalId(node)}LambdaFunction`, { Properties: { Environment: { Variables } } }];
  });
  const logGroups = [...nodes.map(toLogicalId), 'HttpApi'].map((id) => [`${id}LogGroup`, { Properties: KMS_KEY }]);
  return { extensions: Object.fromEntries([...functions, ...logGroups]) };
};
