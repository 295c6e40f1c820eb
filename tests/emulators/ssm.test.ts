import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { type SsmEmulator, type SsmOptions, startSsm } from '../../emulators/ssm.ts';

let ssm: SsmEmulator;
let client: SSMClient;

const start = async (options?: SsmOptions) => {
  ssm = await startSsm(options);
  client = new SSMClient({
    endpoint: ssm.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
};

afterEach(async () => {
  client.destroy();
  await ssm.close();
});

const read = (Names: string[], WithDecryption = true) =>
  client.send(new GetParametersCommand({ Names, WithDecryption }));

describe('reading parameters', () => {
  test('gives values, versions and the names that are missing', async () => {
    await start({ now: () => Date.parse('2026-05-01T10:00:00Z') });
    ssm.parameters.put('/a/url', 'https://one');
    ssm.parameters.put('/a/url', 'https://two');
    const { Parameters, InvalidParameters } = await read(['/a/url', '/a/none']);
    expect(Parameters).toEqual([
      {
        ARN: 'arn:aws:ssm:us-east-1:000000000000:parameter/a/url',
        DataType: 'text',
        LastModifiedDate: new Date('2026-05-01T10:00:00Z'),
        Name: '/a/url',
        Type: 'String',
        Value: 'https://two',
        Version: 2,
      },
    ]);
    expect(InvalidParameters).toEqual(['/a/none']);
    expect(ssm.reads).toEqual([
      { target: 'GetParameters', names: ['/a/url', '/a/none'], decrypted: true, at: 1777629600000 },
    ]);
  });

  test('shows a SecureString only to who asks for decryption', async () => {
    await start();
    ssm.parameters.put('/a/key', 'top-secret', 'SecureString');
    expect((await read(['/a/key'])).Parameters?.[0]?.Value).toBe('top-secret');
    expect((await read(['/a/key'], false)).Parameters?.[0]?.Value).toMatch(/^AQICAH[\w+/=]{20,}$/);
  });

  test('takes one to ten names', async () => {
    await start();
    const names = Array.from({ length: 11 }, (_, index) => `/a/${index}`);
    await expect(read(names)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(read([])).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('finds one by name and several by path', async () => {
    await start();
    ssm.parameters.put('/a/one', '1');
    ssm.parameters.put('/a/b/two', '2');
    ssm.parameters.put('/ab/three', '3');
    const one = await client.send(new GetParameterCommand({ Name: '/a/one' }));
    expect(one.Parameter?.Value).toBe('1');
    const flat = await client.send(new GetParametersByPathCommand({ Path: '/a' }));
    expect(flat.Parameters?.map(({ Name }) => Name)).toEqual(['/a/one']);
    const deep = await client.send(new GetParametersByPathCommand({ Path: '/a/', Recursive: true }));
    expect(deep.Parameters?.map(({ Name }) => Name)).toEqual(['/a/one', '/a/b/two']);
    const missing = client.send(new GetParameterCommand({ Name: '/a/none' }));
    await expect(missing).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });
});

describe('writing parameters', () => {
  test('overwrites only with Overwrite, and counts versions', async () => {
    await start();
    const put = (Value: string, Overwrite?: boolean) =>
      client.send(new PutParameterCommand({ Name: '/a/key', Value, Type: 'SecureString', Overwrite }));
    expect((await put('first')).Version).toBe(1);
    await expect(put('second')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    expect(ssm.parameters.get('/a/key')).toBe('first');
    expect((await put('second', true)).Version).toBe(2);
    expect(ssm.parameters.get('/a/key')).toBe('second');
  });

  test('needs a type for a new parameter and keeps it for an old one', async () => {
    await start();
    const untyped = new PutParameterCommand({ Name: '/a/key', Value: 'v', Overwrite: true });
    await expect(client.send(untyped)).rejects.toMatchObject({ name: 'ValidationException' });
    ssm.parameters.put('/a/key', 'before', 'SecureString');
    await client.send(untyped);
    const { Parameters } = await client.send(new DescribeParametersCommand({}));
    expect(Parameters).toMatchObject([{ Name: '/a/key', Type: 'SecureString', Version: 2 }]);
    expect(Parameters?.[0]).not.toHaveProperty('Value');
  });

  test('deletes, and answers an error when there is nothing to delete', async () => {
    await start();
    ssm.parameters.put('/a/key', 'v');
    await client.send(new DeleteParameterCommand({ Name: '/a/key' }));
    expect(ssm.parameters.get('/a/key')).toBeUndefined();
    const again = client.send(new DeleteParameterCommand({ Name: '/a/key' }));
    await expect(again).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });
});

describe('faults', () => {
  test.each([
    ['throttled', 'ThrottlingException', 400],
    ['denied', 'AccessDeniedException', 400],
    ['internal', 'InternalServerError', 500],
  ] as const)('%s is an error the SDK knows', async (kind, name, httpStatusCode) => {
    await start();
    ssm.fault(kind, 1);
    await expect(read(['/a'])).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
    await expect(read(['/a'])).resolves.toMatchObject({ InvalidParameters: ['/a'] });
    expect(ssm.reads).toHaveLength(2);
  });

  test('down resets the connection until the faults are cleared', async () => {
    await start();
    ssm.fault('down');
    await expect(read(['/a'])).rejects.toThrow('ECONNRESET');
    await expect(read(['/a'])).rejects.toThrow('ECONNRESET');
    ssm.clearFaults();
    await expect(read(['/a'])).resolves.toMatchObject({ InvalidParameters: ['/a'] });
  });

  test('slow answers late, hang never', async () => {
    await start();
    ssm.fault('slow:60', 1);
    ssm.fault('hang', 1);
    const begun = performance.now();
    await read(['/a']);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(59);
    const never = read(['/a']).then(
      () => 'answered',
      ({ message }) => message,
    );
    expect(await Promise.race([never, sleep(80, 'waiting')])).toBe('waiting');
    await ssm.close();
    expect(await never).toMatch(/ECONNRESET|socket hang up/);
  });

  test('the token bucket throttles what is over its rate and fills again', async () => {
    let time = 0;
    await start({ rate: { ratePerSecond: 2, burst: 3 }, now: () => time });
    const results = [];
    for (let call = 0; call < 4; call += 1) results.push((await Promise.allSettled([read(['/a'])]))[0].status);
    expect(results).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    time = 500;
    await expect(read(['/a'])).resolves.toBeDefined();
    await expect(read(['/a'])).rejects.toMatchObject({ name: 'ThrottlingException' });
  });

  test('the SDK itself gets over a short throttling', async () => {
    await start();
    ssm.parameters.put('/a', 'v');
    ssm.fault('throttled', 1);
    const patient = new SSMClient({
      endpoint: ssm.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    });
    const { Parameters } = await patient.send(new GetParametersCommand({ Names: ['/a'] }));
    patient.destroy();
    expect(Parameters).toHaveLength(1);
    expect(ssm.reads).toHaveLength(2);
  });
});

test('answers an error to an unknown operation and to a request that is not one of SSM', async () => {
  await start();
  const post = async (target: string, body: string) => {
    const headers = { 'X-Amz-Target': target, 'Content-Type': 'application/x-amz-json-1.1' };
    const response = await fetch(ssm.url, { method: 'POST', headers, body });
    return [response.status, await response.json()];
  };
  expect(await post('AmazonSSM.SendCommand', '{}')).toEqual([400, { __type: 'UnknownOperationException' }]);
  expect(await post('AmazonSSM.constructor', '{}')).toEqual([400, { __type: 'UnknownOperationException' }]);
  expect(await post('AmazonSSM.GetParameters', '{')).toEqual([400, { __type: 'SerializationException' }]);
});
