import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as v from 'valibot';
import { type LoopbackServer, type Received, startServer } from '../../emulators/server.ts';
import { startSsm } from '../../emulators/ssm.ts';
import { type AwsOperation, callAws, endpointOf } from '../../lib/aws.ts';
import { deadlineIn } from '../../lib/deadline.ts';
import { signedBy } from '../support/aws-signature.ts';
import { closedPort, startRawServer } from '../support/raw-server.ts';

const AWS = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'se/cr+et' };
const NOWHERE = 'http://127.0.0.1:1';
const INPUT = { Names: ['/straße/a'], WithDecryption: true };

const read: AwsOperation<unknown> = {
  service: 'ssm',
  target: 'AmazonSSM.GetParameters',
  output: v.pipe(v.string(), v.parseJson(), v.object({ Parameters: v.array(v.unknown()) })),
  attempts: 3,
  perAttempt: 500,
};

let server: LoopbackServer;
let requests: Received[];
let answers: { status: number; headers?: Record<string, string>; body: string }[];
const EMPTY = { status: 200, body: '{"Parameters":[]}' };

beforeAll(async () => {
  server = await startServer(1_000_000, ({ received, send }) => {
    requests.push(received);
    send(answers.shift() ?? EMPTY);
  });
});
beforeEach(() => {
  requests = [];
  answers = [];
});
afterAll(() => server.close());

const call = (operation: Partial<typeof read> = {}, variables: object = {}, budget = 5_000) =>
  callAws({ ...read, origin: server.url, ...operation }, INPUT, { ...AWS, ...variables }, deadlineIn(budget));

describe('a call to AWS', () => {
  test('is a POST of JSON that names the operation', async () => {
    expect(await call()).toEqual({ Parameters: [] });
    expect(requests).toMatchObject([
      {
        method: 'POST',
        path: '/',
        query: '',
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.GetParameters' },
      },
    ]);
    expect(JSON.parse(String(requests[0]?.body))).toEqual(INPUT);
  });

  test('says to SQS which version of the protocol it speaks', async () => {
    await call({ service: 'sqs', target: 'AmazonSQS.SendMessage' });
    expect(requests[0]?.headers['content-type']).toBe('application/x-amz-json-1.0');
  });

  test.each([
    ['', {}],
    [' and with the token of a role', { AWS_SESSION_TOKEN: 'to/ken+=' }],
  ])('is signed with the environment’s credentials%s', async (_, token) => {
    await call({}, token);
    expect(requests.map((request) => signedBy(request, 'se/cr+et'))).toEqual(['AKID for eu-west-1/ssm/aws4_request']);
    expect(requests[0]?.headers['x-amz-security-token']).toBe(Object.values(token)[0]);
    expect(requests.map((request) => signedBy(request, 'another'))).toEqual([undefined]);
  });

  test('is signed so that a check passes which the SDK’s own request passes', async () => {
    await call();
    const client = new SSMClient({
      region: 'eu-west-1',
      endpoint: server.url,
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'se/cr+et' },
    });
    await client.send(new GetParametersCommand(INPUT));
    client.destroy();
    const [ours, theirs] = requests.map((request) => signedBy(request, 'se/cr+et'));
    expect(theirs).toBe('AKID for eu-west-1/ssm/aws4_request');
    expect(ours).toBe(theirs);
  });

  test('goes below the path of an endpoint that has one', async () => {
    await call({ origin: `${server.url}/aws/ssm` });
    expect(requests).toMatchObject([{ path: '/aws/ssm' }]);
    expect(requests.map((request) => signedBy(request, 'se/cr+et'))).toEqual(['AKID for eu-west-1/ssm/aws4_request']);
  });

  test('is for the default region only where no other is said', async () => {
    await call({}, { AWS_REGION: undefined, AWS_DEFAULT_REGION: 'us-east-2' });
    await call({}, { AWS_DEFAULT_REGION: 'us-east-2' });
    expect(requests.map((request) => signedBy(request, 'se/cr+et'))).toEqual([
      'AKID for us-east-2/ssm/aws4_request',
      'AKID for eu-west-1/ssm/aws4_request',
    ]);
  });

  test.each([
    ['ssm', {}, 'AWS_ENDPOINT_URL'],
    ['ssm', { AWS_ENDPOINT_URL: NOWHERE, AWS_ENDPOINT_URL_SQS: NOWHERE }, 'AWS_ENDPOINT_URL_SSM'],
    ['sqs', { AWS_ENDPOINT_URL: NOWHERE, AWS_ENDPOINT_URL_SSM: NOWHERE }, 'AWS_ENDPOINT_URL_SQS'],
  ] as const)('to %s, while the environment says %j, goes to the endpoint in %s', async (service, others, variable) => {
    await call({ service, origin: NOWHERE }, { ...others, [variable]: server.url });
    expect(requests).toHaveLength(1);
  });

  test('has nothing in the query string, whatever the endpoint has', async () => {
    await call({ origin: `${server.url}/?a=1` });
    expect(requests).toMatchObject([{ path: '/', query: '' }]);
  });

  test.each(['us-east-1', 'eu-central-2', 'us-gov-west-1', 'cn-north-1', 'eusc-de-east-1'])(
    'goes to where the SDK would find the service in %s',
    async (region) => {
      const client = new SSMClient({ region });
      const { url } = client.config.endpointProvider({ Region: region });
      expect(`${endpointOf(read, {}, region)}/`).toBe(url.href);
      client.destroy();
    },
  );
});

describe('a call to AWS that AWS refuses', () => {
  const refusal = (status: number, body: string, headers = {}) => {
    answers = Array.from({ length: 3 }, () => ({ status, body, headers }));
  };

  test.each([
    [400, '{"__type":"ThrottlingException"}', 'ThrottlingException'],
    [400, '{"__type":"com.amazonaws.sqs#RequestThrottled","message":"slow down"}', 'RequestThrottled'],
    [400, '{"code":"ThrottlingException"}', 'ThrottlingException'],
    [400, '{"__type":"RequestTimeout"}', 'RequestTimeout'],
    [400, '{"__type":"InvalidSignatureException","message":"Signature expired: now"}', 'InvalidSignatureException'],
    [302, '', 'Status302'],
    [429, '', 'Status429'],
    [500, '{"__type":"InternalServerError"}', 'InternalServerError'],
    [501, '<html>', 'Status501'],
    [503, 'null', 'Status503'],
    [200, '<html>Welcome to the hotel</html>', 'Status200'],
    [200, '{"Parameters":"none"}', 'Status200'],
  ])('with %d %s may succeed later, and is tried as often as it may be', async (status, body, name) => {
    refusal(status, body);
    await expect(call()).rejects.toMatchObject({ name, isPassing: true });
    expect(requests).toHaveLength(3);
  });

  test.each([
    [400, '{"__type":"com.amazon.coral.service#AccessDeniedException"}', {}, 'AccessDeniedException'],
    [403, '{"message":"no"}', { 'x-amzn-errortype': 'ExpiredTokenException:http://aws/' }, 'ExpiredTokenException'],
    [400, '{"__type":"ExpiredTokenException"}', { 'x-amzn-errortype': '' }, 'ExpiredTokenException'],
    [400, '{}', { 'x-amzn-errortype': 'InvalidAction,http://aws/' }, 'InvalidAction'],
    [400, '{"code":"AWS.SimpleQueueService.NonExistentQueue"}', {}, 'AWS.SimpleQueueService.NonExistentQueue'],
    [404, '', {}, 'Status404'],
    [400, '{"__type":"two words, and the key"}', {}, 'Status400'],
  ])('with %d %s %j will be refused again, and is not repeated', async (status, body, headers, name) => {
    refusal(status, body, headers);
    await expect(call()).rejects.toMatchObject({ name, isPassing: false });
    expect(requests).toHaveLength(1);
  });

  test('is signed anew each time it is tried', async () => {
    answers = [{ status: 500, body: '' }];
    expect(await call()).toEqual({ Parameters: [] });
    expect(requests.map((request) => signedBy(request, 'se/cr+et'))).toEqual([
      'AKID for eu-west-1/ssm/aws4_request',
      'AKID for eu-west-1/ssm/aws4_request',
    ]);
  });

  test('leaves nothing of what AWS wrote in the error', async () => {
    refusal(400, '{"__type":"ValidationException","message":"of the secret parameter"}');
    const error = await call().catch((reason: unknown) => reason);
    expect(String(error)).toBe('ValidationException: AWS did not do as it was asked.');
    expect(JSON.stringify(error)).not.toContain('secret');
  });
});

describe('a call to AWS that gets no answer', () => {
  test.each([
    ['that never comes', ''],
    ['that begins and does not end', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{'],
    ['that refuses and does not say why', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 100\r\n\r\n{"__type":"Thr'],
  ])('%s is given up when the attempt’s time is over, and tried again', async (_, text) => {
    const raw = await startRawServer({ onRequest: (socket) => socket.write(text) });
    const began = performance.now();
    const operation = { origin: `http://127.0.0.1:${raw.port}`, attempts: 2, perAttempt: 100 };
    await expect(call(operation)).rejects.toMatchObject({ name: 'NoAnswer', isPassing: true });
    expect(performance.now() - began).toBeGreaterThan(190);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(raw.connections).toBe(2);
    await raw.close();
  });

  test.each([
    ['whose refusal is cut off', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 100\r\n\r\n{"__type":"Thr'],
    ['that changes the protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\nConnection: Upgrade\r\n\r\n'],
  ])('%s is tried again at once', async (_, text) => {
    const raw = await startRawServer({ onRequest: (socket) => socket.end(text) });
    const began = performance.now();
    const operation = { origin: `http://127.0.0.1:${raw.port}`, attempts: 2, perAttempt: 2_000 };
    await expect(call(operation)).rejects.toMatchObject({ name: 'NoAnswer', isPassing: true });
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(raw.connections).toBe(2);
    await raw.close();
  });

  test('because nobody listens tells why', async () => {
    await expect(call({ origin: `http://127.0.0.1:${await closedPort()}` })).rejects.toMatchObject({
      name: 'NoAnswer',
      isPassing: true,
      cause: { code: 'ECONNREFUSED' },
    });
  });

  test('never outlives the budget', async () => {
    const ssm = await startSsm();
    ssm.fault('hang');
    const began = performance.now();
    await expect(call({ origin: ssm.url }, {}, 200)).rejects.toMatchObject({ isPassing: true });
    expect(performance.now() - began).toBeLessThan(350);
    await ssm.close();
  });

  test('is not even begun without time', async () => {
    await expect(call({}, {}, 0)).rejects.toMatchObject({ name: 'NoTime', isPassing: true });
    expect(requests).toEqual([]);
  });
});

test.each([
  ['AWS_REGION', 'MissingRegion'],
  ['AWS_ACCESS_KEY_ID', 'MissingCredentials'],
  ['AWS_SECRET_ACCESS_KEY', 'MissingCredentials'],
])('without %s there is nothing to call AWS with, and that does not pass', async (variable, name) => {
  await expect(call({}, { [variable]: undefined })).rejects.toMatchObject({ name, isPassing: false });
  expect(requests).toEqual([]);
});
