import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { startSsm } from '../../emulators/ssm.ts';
import { clientConfiguration } from '../../lib/aws.ts';
import { startRawServer } from '../support/raw-server.ts';

process.env.AWS_ACCESS_KEY_ID = 'id';
process.env.AWS_SECRET_ACCESS_KEY = 'secret';

const SERVICE = 'http://127.0.0.1:1';
const GENERAL = 'http://127.0.0.1:2';
const LIMIT = { attempts: 3, perAttempt: 100 };
const read = (client: SSMClient) => client.send(new GetParametersCommand({ Names: ['/a'] }));

describe('what an AWS client is made with', () => {
  test.each([
    [{ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'us-east-1' }, undefined, { region: 'eu-west-1' }],
    [{ AWS_DEFAULT_REGION: 'us-east-1' }, undefined, { region: 'us-east-1' }],
    [{ AWS_ENDPOINT_URL: GENERAL }, SERVICE, { endpoint: SERVICE }],
    [{ AWS_ENDPOINT_URL: GENERAL }, undefined, { endpoint: GENERAL }],
    [{}, SERVICE, { endpoint: SERVICE }],
  ])('of %j and the endpoint %s is %j', (variables, serviceEndpoint, expected) => {
    expect(clientConfiguration(variables, serviceEndpoint, LIMIT)).toMatchObject(expected);
  });

  test('leaves to the SDK where AWS is and what region is meant, where no variable says so', () => {
    expect(Object.keys(clientConfiguration({}, undefined, LIMIT))).not.toEqual(
      expect.arrayContaining([expect.stringMatching('endpoint|region')]),
    );
  });
});

describe('an AWS client', () => {
  test('tries as often as it is told', async () => {
    const ssm = await startSsm();
    ssm.fault('throttled');
    const client = new SSMClient(clientConfiguration({ AWS_REGION: 'us-east-1' }, ssm.url, LIMIT));
    await expect(read(client)).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(ssm.reads).toHaveLength(3);
    client.destroy();
    await ssm.close();
  });

  test.each([
    ['that never comes', ''],
    ['that begins and does not end', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{'],
  ])('waits for an answer %s as long as an attempt may take', async (_, text) => {
    const server = await startRawServer({ onRequest: (socket) => socket.write(text) });
    const url = `http://127.0.0.1:${server.port}`;
    const client = new SSMClient(
      clientConfiguration({ AWS_REGION: 'us-east-1' }, url, { attempts: 2, perAttempt: 100 }),
    );
    const began = performance.now();
    await expect(read(client)).rejects.toThrow();
    expect(performance.now() - began).toBeGreaterThan(190);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(server.connections).toBe(2);
    client.destroy();
    await server.close();
  });
});
