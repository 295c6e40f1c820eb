// The queues' URLs reach the functions here and not under provider.environment: there, `serverless invoke local` would
// ask CloudFormation for them, and so would need an account and a deployed stack.
const { nodes } = require('./nodes.cjs');

const logicalId = (node) => `${node[0].toUpperCase()}${node.slice(1).replaceAll('-', 'Dash')}LambdaFunction`;

const queues = {
  UNDELIVERED_QUEUE_URL: { Ref: 'UndeliveredQueue' },
  DEAD_LETTER_QUEUE_URL: { Ref: 'DeadLetterQueue' },
};

module.exports = async ({ resolveVariable }) => {
  const environment = await resolveVariable('self:provider.environment');
  const Properties = { Environment: { Variables: { ...environment, ...queues } } };
  return { extensions: Object.fromEntries(nodes.map((node) => [logicalId(node), { Properties }])) };
};
