import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type LocalStage, startLocalStage } from '../../emulators/local-stage.ts';

let stage: LocalStage;
beforeAll(async () => {
  stage = await startLocalStage({
    parameterPath: '/second-brand/live',
    apiKey: 'my-key',
    nodeSecret: 'my-secret',
    profiles: [{ external_id: 'ann', first_name: 'Ann' }],
    ssmRate: { ratePerSecond: 10, burst: 10 },
  });
});
afterAll(() => stage.close());

const readParameters = async () => {
  const client = new SSMClient({
    region: 'us-east-1',
    endpoint: String(stage.variables.AWS_ENDPOINT_URL_SSM),
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  });
  const Names = ['braze_url', 'braze_api_key', 'node_secret'].map(
    (name) => `${stage.variables.PARAMETER_PATH}/${name}`,
  );
  const { Parameters = [] } = await client.send(new GetParametersCommand({ Names, WithDecryption: true }));
  client.destroy();
  return Parameters.map(({ Value, Type }) => [Value, Type]);
};

test('holds the parameters of its stage, two queues and the profiles that it is given', async () => {
  expect(await readParameters()).toEqual([
    [stage.braze.url, 'String'],
    ['my-key', 'SecureString'],
    ['my-secret', 'SecureString'],
  ]);
  expect(stage.variables).toMatchObject({
    STAGE: 'live',
    PARAMETER_PATH: '/second-brand/live',
    AWS_ENDPOINT_URL_SQS: stage.sqs.url,
    UNDELIVERED_QUEUE_URL: stage.undelivered.url,
    DEAD_LETTER_QUEUE_URL: stage.deadLetters.url,
  });
  expect(stage.braze.profiles).toMatchObject([{ external_id: 'ann', attributes: { first_name: 'Ann' } }]);
});

test('is after a reset as it was at the start', async () => {
  stage.ssm.parameters.put('/second-brand/live/braze_url', 'https://rest.example.com');
  stage.ssm.fault('denied');
  stage.braze.apiKey = 'another';
  stage.braze.seed({ external_id: 'bob' });
  stage.braze.fault('503');
  stage.undelivered.put('m');
  stage.sqs.fault('500');
  stage.reset();
  expect((await readParameters())[0]).toEqual([stage.braze.url, 'String']);
  expect(stage.braze.apiKey).toBe('my-key');
  expect(stage.braze.profiles).toMatchObject([{ external_id: 'ann' }]);
  expect(stage.undelivered.messages).toEqual([]);
});
