import { type Answer, type LoopbackServer, type Received, startServer } from '../../../emulators/server.ts';
import { readSettings } from '../../../lib/config/env.ts';
import { createGetParameters } from '../../../lib/config/ssm-client.ts';
import { createDeadline } from '../../../lib/deadline.ts';
import { signedBy } from '../../support/aws-signature.ts';
import { useVirtualTime } from '../../support/virtual-time.ts';

useVirtualTime();

const NAMES = ['braze_url', 'braze_api_key'];

let server: LoopbackServer;
let requests: Received[];
let respond: (request: Received) => Answer;

beforeEach(async () => {
  requests = [];
  respond = () => success({});
  server = await startServer(10_000, ({ received, send }) => {
    requests.push(received);
    return send(respond(received));
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await server.close();
});

const answer = (status: number, body: object): Answer => ({
  status,
  headers: { 'Content-Type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(body),
});
const success = (values: Readonly<Record<string, string>>): Answer =>
  answer(200, { Parameters: Object.entries(values).map(([Name, Value]) => ({ Name, Value })) });

const connect = (variables: NodeJS.ProcessEnv = {}) =>
  createGetParameters(
    readSettings({
      STAGE: 'sandbox',
      PARAMETER_PATH: '/brand/sandbox',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKID',
      AWS_SECRET_ACCESS_KEY: 'se/cr+et',
      AWS_ENDPOINT_URL_SSM: server.url,
      ...variables,
    }),
  );

test('returns the values by name, without those that do not exist', async () => {
  respond = () => success({ '/brand/sandbox/braze_url': 'https://rest.fra-01.braze.eu' });
  expect(await connect()('/brand/sandbox', NAMES, createDeadline(2_000))).toEqual(
    new Map([['braze_url', 'https://rest.fra-01.braze.eu']]),
  );
  expect(requests).toMatchObject([{ headers: { 'x-amz-target': 'AmazonSSM.GetParameters' } }]);
  expect(JSON.parse(String(requests[0]?.body))).toEqual({
    Names: ['/brand/sandbox/braze_url', '/brand/sandbox/braze_api_key'],
    WithDecryption: true,
  });
});

test('signs with the credentials and the session of the environment', async () => {
  await connect({ AWS_SESSION_TOKEN: 'session' })('/brand/sandbox', NAMES, createDeadline(2_000));
  expect(requests.map((request) => signedBy(request, 'se/cr+et'))).toEqual(['AKID for eu-west-1/ssm/aws4_request']);
  expect(requests).toMatchObject([{ headers: { 'x-amz-security-token': 'session' } }]);
});

test('takes the region and the endpoint from the more general variables, too', async () => {
  const general = { AWS_REGION: '', AWS_DEFAULT_REGION: 'us-west-2', AWS_ENDPOINT_URL_SSM: '' };
  await connect({ ...general, AWS_ENDPOINT_URL: server.url })('/brand/sandbox', NAMES, createDeadline(2_000));
  expect(requests.map((request) => signedBy(request, 'se/cr+et'))).toEqual(['AKID for us-west-2/ssm/aws4_request']);
});

test('calls the endpoint of the region if the environment has none', async () => {
  const refused = connect({ AWS_REGION: 'xx-nowhere-1', AWS_ENDPOINT_URL_SSM: '' });
  await expect(refused('/brand/sandbox', NAMES, createDeadline(200))).rejects.toThrow();
  expect(requests).toEqual([]);
});

test.each([10, -10])(
  'reads the parameters with a clock that is %d minutes off, and remembers the difference',
  async (off) => {
    const now = Date.now;
    const wrong = jest.spyOn(Date, 'now').mockImplementation(() => now() + off * 60_000);
    respond = ({ headers }) => {
      const text = String(headers['x-amz-date']).replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z');
      const isSkewed = Math.abs(Date.parse(text) - now()) > 5 * 60_000;
      const {
        status,
        headers: others,
        body,
      } = isSkewed
        ? answer(400, { __type: 'InvalidSignatureException', message: 'Signature expired: it is now later.' })
        : success({ '/brand/sandbox/braze_url': 'u' });
      return { status, headers: { ...others, Date: new Date(now()).toUTCString() }, body: body ?? '' };
    };
    const getParameters = connect();
    expect((await getParameters('/brand/sandbox', NAMES, createDeadline(4_000))).get('braze_url')).toBe('u');
    expect(requests).toHaveLength(2);
    await getParameters('/brand/sandbox', NAMES, createDeadline(4_000));
    expect(requests).toHaveLength(3);
    wrong.mockRestore();
  },
);

describe('an error of AWS', () => {
  test.each([
    ['AccessDeniedException', 'AccessDeniedException'],
    ['com.amazonaws.ssm#UnrecognizedClientException', 'UnrecognizedClientException'],
    ['ann@example.com is not allowed', 'UnknownError'],
  ])('that a retry would not change becomes a ConfigurationError: %s', async (__type, name) => {
    respond = () => answer(400, { __type });
    await expect(connect()('/brand/sandbox', NAMES, createDeadline(2_000))).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: `The parameters under /brand/sandbox cannot be read: ${name}.`,
    });
    expect(requests).toHaveLength(1);
  });

  test('that is transient is thrown as it is, after the retries', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    respond = () => answer(400, { __type: 'ThrottlingException' });
    await expect(connect()('/brand/sandbox', NAMES, createDeadline(5_000))).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
    expect(requests).toHaveLength(30);
  });

  test('without JSON in the response counts as transient', async () => {
    respond = () => ({ status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html>' });
    const error = await connect()('/brand/sandbox', NAMES, createDeadline(300)).catch((cause: unknown) => cause);
    expect(error).not.toMatchObject({ name: 'ConfigurationError' });
  });
});
