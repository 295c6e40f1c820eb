// The queues' URLs are added to the functions here and not under provider.environment: there, `serverless invoke local`
// would ask CloudFormation for them, and so would need an account and a deployed stack.
const { nodes, toLogicalId } = require('./nodes.cjs');

const QUEUE_URLS = {
  UNDELIVERED_QUEUE_URL: { Ref: 'UndeliveredQueue' },
  DEAD_LETTER_QUEUE_URL: { Ref: 'DeadLetterQueue' },
};
const KMS_KEY = { KmsKeyId: { 'Fn::If': ['HasKmsKey', { Ref: 'KmsKeyArn' }, { Ref: 'AWS::NoValue' }] } };

module.exports = async ({ resolveVariable }) => {
  const environment = await resolveVariable('self:provider.environment');
  const Environment = { Variables: { ...environment, ...QUEUE_URLS } };
  const functions = nodes.map((node) => [`${toLogicalId(node)}LambdaFunction`, { Properties: { Environment } }]);
  const logGroups = [...nodes.map(toLogicalId), 'HttpApi'].map((id) => [`${id}LogGroup`, { Properties: KMS_KEY }]);
  return { extensions: Object.fromEntries([...functions, ...logGroups]) };
};
