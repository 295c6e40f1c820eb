import { type SsmEmulator, type SsmFault, startSsm } from '../../../emulators/ssm.ts';
import { sleep } from '../../../lib/clock.ts';
import { readSettings } from '../../../lib/config/env.ts';
import { ParameterStore } from '../../../lib/config/parameters.ts';
import { createGetParameters } from '../../../lib/config/ssm-client.ts';
import { createDeadline } from '../../../lib/deadline.ts';
import { answerText, CLOSED_URL, type RawServer, startRawServer } from '../../support/raw-server.ts';
import { useVirtualTime } from '../../support/virtual-time.ts';

useVirtualTime();

const PATH = '/a-brand/sandbox';
const URL_ = 'https://rest.fra-01.braze.eu';
const KEY = '0f8b7f6e-key';
const SECRET = 'a secret of the entry that is long enough';
const NEXT_SECRET = 'the secret that is to replace that one';

let ssm: SsmEmulator;

beforeEach(async () => {
  ssm = await startSsm();
  ssm.parameters.put(`${PATH}/braze_url`, URL_);
  ssm.parameters.put(`${PATH}/braze_api_key`, KEY, 'SecureString');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await ssm.close();
});

const createStore = (environment: NodeJS.ProcessEnv = {}) => {
  const settings = readSettings({
    STAGE: 'sandbox',
    PARAMETER_PATH: PATH,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL_SSM: ssm.url,
    ...environment,
  });
  return new ParameterStore(settings, createGetParameters(settings));
};
const createLongDeadline = () => createDeadline(5_000);

describe('the parameters', () => {
  test('are only those of Braze for a function without the HTTPS entry', async () => {
    ssm.parameters.put(`${PATH}/node_secret`, SECRET, 'SecureString');
    const store = createStore({ HTTPS_ENTRY: 'false' });
    expect(await store.getCredentials(createLongDeadline())).toEqual({ url: URL_, apiKey: KEY });
    expect(await store.getNodeSecrets(createLongDeadline())).toEqual([]);
    expect(ssm.reads).toMatchObject([{ names: [`${PATH}/braze_url`, `${PATH}/braze_api_key`] }]);
  });

  test('are read with one call, with decryption', async () => {
    ssm.parameters.put(`${PATH}/node_secret`, SECRET, 'SecureString');
    const store = createStore();
    expect(await store.getCredentials(createLongDeadline())).toEqual({ url: URL_, apiKey: KEY });
    expect(await store.getNodeSecrets(createLongDeadline())).toEqual([SECRET]);
    expect(ssm.reads).toMatchObject([
      {
        target: 'GetParameters',
        names: [`${PATH}/braze_url`, `${PATH}/braze_api_key`, `${PATH}/node_secret`, `${PATH}/link_secret`],
        decrypted: true,
      },
    ]);
  });

  test('are read under the configured path', async () => {
    ssm.parameters.put('/elsewhere/braze_url', 'http://127.0.0.1:4010/');
    ssm.parameters.put('/elsewhere/braze_api_key', 'other', 'SecureString');
    expect(await createStore({ PARAMETER_PATH: '/elsewhere' }).getCredentials(createLongDeadline())).toEqual({
      url: 'http://127.0.0.1:4010',
      apiKey: 'other',
    });
  });

  test('are read once for concurrent calls', async () => {
    ssm.fault('slow:50', 1);
    const store = createStore();
    await Promise.all(Array.from({ length: 50 }, () => store.getCredentials(createLongDeadline())));
    await store.getCredentials(createLongDeadline());
    expect(ssm.reads).toHaveLength(1);
  });

  test('report once how long calls waited for them', async () => {
    ssm.fault('slow:50', 1);
    const store = createStore();
    await store.getCredentials(createLongDeadline());
    await store.getCredentials(createLongDeadline());
    const waited = store.takeSsmWaitMs();
    expect(waited).toBeGreaterThanOrEqual(50);
    expect(Number.isInteger(waited)).toBe(true);
    expect(store.takeSsmWaitMs()).toBe(0);
  });

  test.each<[string, string | undefined, string[]]>([
    ['nothing', undefined, []],
    ['one', SECRET, [SECRET]],
    ['two, while one is rotated', `${NEXT_SECRET}, ${SECRET}`, [NEXT_SECRET, SECRET]],
    ['none that is shorter than 32 characters', `${SECRET},${'x'.repeat(31)}`, [SECRET]],
    ['only commas', ' ,,', []],
  ])('have as secrets of the signed entry %s', async (_, text, secrets) => {
    if (text !== undefined) ssm.parameters.put(`${PATH}/node_secret`, text, 'SecureString');
    expect(await createStore().getNodeSecrets(createLongDeadline())).toEqual(secrets);
  });

  test('have the secrets even if Braze’s parameters are missing', async () => {
    ssm.parameters.delete(`${PATH}/braze_url`);
    ssm.parameters.put(`${PATH}/node_secret`, SECRET, 'SecureString');
    expect(await createStore().getNodeSecrets(createLongDeadline())).toEqual([SECRET]);
  });
});

describe('prefetching', () => {
  test('serves the first call', async () => {
    const store = createStore();
    store.prefetch();
    expect(await store.getCredentials(createLongDeadline())).toEqual({ url: URL_, apiKey: KEY });
    expect(ssm.reads).toHaveLength(1);
  });

  test.each<[string, () => void]>([
    ['is denied', () => ssm.fault('denied', 1)],
    ['finds a parameter malformed', () => ssm.parameters.put(`${PATH}/braze_url`, 'malformed')],
  ])('has no effect when it %s: the first call reads at once', async (_case, fault) => {
    fault();
    const store = createStore();
    store.prefetch();
    while (ssm.reads.length === 0) await sleep(5);
    await sleep(20);
    ssm.parameters.put(`${PATH}/braze_url`, URL_);
    expect(await store.getCredentials(createLongDeadline())).toEqual({ url: URL_, apiKey: KEY });
    expect(ssm.reads).toHaveLength(2);
  });

  test('that hangs ends at its own deadline, and the call that joined it reads again', async () => {
    ssm.fault('hang', 1);
    const store = createStore({ TIME_BUDGET_MS: '200' });
    store.prefetch();
    expect(await store.getCredentials(createLongDeadline())).toEqual({ url: URL_, apiKey: KEY });
  });
});

describe('parameters that an operator must correct', () => {
  test.each<[string, string, string | undefined, string]>([
    ['a missing endpoint', 'braze_url', undefined, 'is missing'],
    ['a missing key', 'braze_api_key', undefined, 'is missing'],
    ['an endpoint that is none', 'braze_url', 'https://dashboard.braze.com', 'is not a Braze REST endpoint'],
    ['a key with a line end', 'braze_api_key', `${KEY}\n`, 'has blanks around it'],
    ['a key with a blank before it', 'braze_api_key', ` ${KEY}`, 'has blanks around it'],
    ['a key in double quotes', 'braze_api_key', `"${KEY}"`, 'has quotes around it'],
    ['a key in single quotes', 'braze_api_key', `'${KEY}'`, 'has quotes around it'],
    ['a key in typographic quotes', 'braze_api_key', `\u201c${KEY}\u201d`, 'has quotes around it'],
    ['a key with one quote', 'braze_api_key', `${KEY}"`, 'has quotes around it'],
    ['a key with a blank in it', 'braze_api_key', `${KEY} ${KEY}`, 'is not a key'],
    ['a key that is no ASCII', 'braze_api_key', `${KEY}\u00e9`, 'is not a key'],
  ])('%s is reported, without its value', async (_, name, value, fault) => {
    if (value === undefined) ssm.parameters.delete(`${PATH}/${name}`);
    else ssm.parameters.put(`${PATH}/${name}`, value, 'SecureString');
    const error = await createStore()
      .getCredentials(createLongDeadline())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ConfigurationError', message: `The parameter ${PATH}/${name} ${fault}.` });
    expect(String(Reflect.get(Object(error), 'stack'))).not.toContain(KEY);
  });

  test('are read again at the next call, because a failure is not cached', async () => {
    ssm.parameters.delete(`${PATH}/braze_api_key`);
    const store = createStore();
    await expect(store.getCredentials(createLongDeadline())).rejects.toThrow('is missing');
    ssm.parameters.put(`${PATH}/braze_api_key`, KEY, 'SecureString');
    expect(await store.getCredentials(createLongDeadline())).toEqual({ url: URL_, apiKey: KEY });
  });

  test('are those that IAM denies, and that is not retried', async () => {
    ssm.fault('denied', 1);
    const store = createStore();
    await expect(store.getCredentials(createLongDeadline())).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: `The parameters under ${PATH} cannot be read: AccessDeniedException.`,
    });
    expect(ssm.reads).toHaveLength(1);
    expect(await store.getCredentials(createLongDeadline())).toEqual({ url: URL_, apiKey: KEY });
  });

  test('are those that do not exist in SSM', async () => {
    const server = await startRawServer({
      onRequest: (socket) => socket.write(answerText(200, '{}', ['Content-Type: application/x-amz-json-1.1'])),
    });
    const store = createStore({ AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${server.port}` });
    await expect(store.getCredentials(createLongDeadline())).rejects.toThrow(
      `The parameter ${PATH}/braze_url is missing.`,
    );
    await server.close();
  });
});

test.each(['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])(
  'without %s, reading fails with a ConfigurationError',
  async (name) => {
    await expect(createStore({ [name]: '' }).getCredentials(createLongDeadline())).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: `The environment variable ${name} is missing.`,
    });
  },
);

describe('SSM throttling or down', () => {
  test.each<SsmFault>(['throttled', 'internal', 'down'])('is retried until the deadline: %s', async (fault) => {
    ssm.fault(fault, 3);
    expect(await createStore().getCredentials(createLongDeadline())).toEqual({ url: URL_, apiKey: KEY });
    expect(ssm.reads).toHaveLength(4);
  });

  test.each<SsmFault>(['throttled', 'internal', 'down', 'hang'])('ends at the deadline: %s', async (fault) => {
    ssm.fault(fault);
    const began = performance.now();
    await expect(createStore().getCredentials(createDeadline(300))).rejects.toMatchObject({
      name: 'ParametersUnavailableError',
    });
    expect(performance.now() - began).toBe(300);
  });

  test('is retryable if the port is closed', async () => {
    const store = createStore({ AWS_ENDPOINT_URL_SSM: CLOSED_URL });
    await expect(store.getCredentials(createDeadline(100))).rejects.toMatchObject({
      name: 'ParametersUnavailableError',
    });
  });

  test('is not cached: a later call succeeds when SSM is back', async () => {
    ssm.fault('throttled');
    const store = createStore();
    await expect(store.getCredentials(createDeadline(50))).rejects.toMatchObject({
      name: 'ParametersUnavailableError',
    });
    ssm.clearFaults();
    expect(await store.getCredentials(createLongDeadline())).toEqual({ url: URL_, apiKey: KEY });
  });

  test('is retried until the deadline, even after a long outage', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    ssm.fault('internal', 90);
    const store = createStore();
    for (let call = 0; call < 3; call += 1) {
      await expect(store.getCredentials(createLongDeadline())).rejects.toMatchObject({
        name: 'ParametersUnavailableError',
        message: 'SSM could not be read.',
      });
    }
    expect(ssm.reads).toHaveLength(90);
    ssm.fault('internal', 5);
    expect(await store.getCredentials(createLongDeadline())).toEqual({ url: URL_, apiKey: KEY });
  });

  test('for one call does not fail another call that has more time', async () => {
    ssm.fault('hang', 1);
    const store = createStore();
    const first = store.getCredentials(createDeadline(100));
    const second = store.getCredentials(createLongDeadline());
    await expect(first).rejects.toMatchObject({ name: 'ParametersUnavailableError' });
    expect(await second).toEqual({ url: URL_, apiKey: KEY });
    expect(ssm.reads).toHaveLength(2);
  });

  test('is retried after two and a half seconds without an answer, and does not delay calls with less time', async () => {
    ssm.fault('hang', 1);
    const store = createStore();
    const began = performance.now();
    const first = store.getCredentials(createLongDeadline());
    await expect(store.getCredentials(createDeadline(100))).rejects.toMatchObject({
      name: 'ParametersUnavailableError',
    });
    expect(performance.now() - began).toBe(100);
    expect(await first).toEqual({ url: URL_, apiKey: KEY });
    expect(ssm.reads).toHaveLength(2);
  });

  test('leaves no connection that would keep the process alive', async () => {
    ssm.fault('hang');
    const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const before = sockets();
    await expect(createStore().getCredentials(createDeadline(100))).rejects.toMatchObject({
      name: 'ParametersUnavailableError',
    });
    await sleep(50);
    expect(sockets()).toBeLessThanOrEqual(before);
  });

  test('leaves no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listener);
    ssm.fault('denied', 1);
    ssm.fault('down');
    const store = createStore({ PARAMETER_TTL_MS: '1' });
    for (let call = 0; call < 3; call += 1) await store.getCredentials(createDeadline(10)).catch(() => {});
    await sleep(50);
    ssm.clearFaults();
    await store.getCredentials(createLongDeadline());
    await sleep(5);
    ssm.fault('hang');
    await store.getCredentials(createDeadline(250));
    await sleep(150);
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });
});

describe('an answer of SSM that begins and does not end', () => {
  let server: RawServer;

  beforeEach(async () => {
    server = await startRawServer({
      onRequest: (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: 9999\r\n\r\n{');
        const timer = setInterval(() => socket.write(' '), 50);
        socket.once('close', () => clearInterval(timer));
      },
    });
  });
  afterEach(() => server.close());

  const dripping = () => createStore({ AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${server.port}` });

  test('ends at the deadline even if it arrives byte by byte, and later calls read again', async () => {
    const store = dripping();
    const refused = { name: 'ParametersUnavailableError' };
    await expect(store.getCredentials(createDeadline(300))).rejects.toMatchObject(refused);
    await expect(store.getCredentials(createDeadline(1_300))).rejects.toMatchObject(refused);
    expect(server.connections).toBe(2);
  });
});

describe('parameters that have expired', () => {
  const expired = async () => {
    const store = createStore({ PARAMETER_TTL_MS: '200000' });
    await store.getCredentials(createLongDeadline());
    const later = Date.now() + 200_001;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    return store;
  };
  const next = 'next-key';

  test('expire after five minutes, and not before', async () => {
    const store = createStore();
    await store.getCredentials(createLongDeadline());
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now + 299_000);
    await store.getCredentials(createLongDeadline());
    expect(ssm.reads).toHaveLength(1);
    clock.mockReturnValue(now + 300_001);
    await store.getCredentials(createLongDeadline());
    await sleep(50);
    expect(ssm.reads).toHaveLength(2);
  });

  test('expire after the time that the stage sets', async () => {
    const store = createStore({ PARAMETER_TTL_MS: '1' });
    await store.getCredentials(createLongDeadline());
    await sleep(5);
    await store.getCredentials(createLongDeadline());
    await sleep(50);
    expect(ssm.reads).toHaveLength(2);
  });

  test('are read again, once for concurrent calls', async () => {
    const store = await expired();
    ssm.parameters.put(`${PATH}/braze_api_key`, next, 'SecureString');
    ssm.fault('slow:50', 1);
    const credentials = await Promise.all([1, 2, 3].map(() => store.getCredentials(createLongDeadline())));
    expect(credentials.map(({ apiKey }) => apiKey)).toEqual([next, next, next]);
    expect(ssm.reads).toHaveLength(2);
  });

  test('are used while SSM is slow, and read once in the background', async () => {
    const store = await expired();
    ssm.parameters.put(`${PATH}/braze_api_key`, next, 'SecureString');
    ssm.fault('slow:300', 1);
    const credentials = await Promise.all([1, 2, 3].map(() => store.getCredentials(createLongDeadline())));
    expect(credentials.map(({ apiKey }) => apiKey)).toEqual([KEY, KEY, KEY]);
    await sleep(300);
    expect((await store.getCredentials(createLongDeadline())).apiKey).toBe(next);
    expect(ssm.reads).toHaveLength(2);
  });

  test.each<SsmFault>(['throttled', 'internal', 'down', 'hang'])(
    'are used after at most 150 ms while SSM is %s',
    async (fault) => {
      const store = await expired();
      ssm.fault(fault);
      for (let call = 0; call < 3; call += 1) {
        const began = performance.now();
        expect((await store.getCredentials(createDeadline(60_000))).apiKey).toBe(KEY);
        expect(performance.now() - began).toBe(150);
      }
    },
  );

  test('are used if SSM fails at once', async () => {
    const store = await expired();
    ssm.fault('throttled');
    expect((await store.getCredentials(createDeadline(30))).apiKey).toBe(KEY);
  });

  test('are not used after SSM denies access', async () => {
    const store = await expired();
    ssm.fault('denied');
    const refused = () => store.getCredentials(createLongDeadline()).catch((error: unknown) => error);
    // On a slow machine the first call may not wait for the answer.
    let error = await refused();
    for (let again = 0; again < 3 && !(error instanceof Error); again += 1) error = await refused();
    expect(error).toMatchObject({ name: 'ConfigurationError' });
  });

  test('are used at once for a second after SSM has failed', async () => {
    const store = await expired();
    ssm.fault('internal');
    await store.getCredentials(createDeadline(160));
    await sleep(50);
    const reads = ssm.reads.length;
    expect((await store.getCredentials(createLongDeadline())).apiKey).toBe(KEY);
    expect(ssm.reads).toHaveLength(reads);
  });

  test('are not used after one of them was deleted', async () => {
    const store = await expired();
    ssm.parameters.delete(`${PATH}/braze_url`);
    await expect(store.getCredentials(createLongDeadline())).rejects.toThrow('braze_url is missing');
  });

  test('reject calls that are signed with a revoked secret', async () => {
    ssm.parameters.put(`${PATH}/node_secret`, SECRET, 'SecureString');
    const store = await expired();
    expect(await store.getNodeSecrets(createLongDeadline())).toEqual([SECRET]);
    ssm.parameters.put(`${PATH}/node_secret`, NEXT_SECRET, 'SecureString');
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 200_001);
    expect(await store.getNodeSecrets(createLongDeadline())).toEqual([NEXT_SECRET]);
  });
});

describe('after a 401', () => {
  const next = 'next-key';
  const rotate = () => ssm.parameters.put(`${PATH}/braze_api_key`, next, 'SecureString');

  test('SSM is read again, and the result is cached', async () => {
    const store = createStore();
    await store.getCredentials(createLongDeadline());
    rotate();
    expect(await store.refreshAfter401(KEY, createLongDeadline())).toEqual({ url: URL_, apiKey: next });
    expect(await store.getCredentials(createLongDeadline())).toEqual({ url: URL_, apiKey: next });
    expect(ssm.reads).toHaveLength(2);
  });

  test('concurrent calls share one read', async () => {
    const store = createStore();
    await store.getCredentials(createLongDeadline());
    rotate();
    ssm.fault('slow:50', 1);
    const credentials = await Promise.all(
      Array.from({ length: 20 }, () => store.refreshAfter401(KEY, createLongDeadline())),
    );
    expect(credentials.every((access) => access?.apiKey === next)).toBe(true);
    expect(ssm.reads).toHaveLength(2);
  });

  test('a late call takes the key that another call has read meanwhile', async () => {
    const store = createStore();
    await store.getCredentials(createLongDeadline());
    rotate();
    await store.refreshAfter401(KEY, createLongDeadline());
    for (let call = 0; call < 10; call += 1) {
      expect((await store.refreshAfter401(KEY, createLongDeadline()))?.apiKey).toBe(next);
    }
    expect(ssm.reads).toHaveLength(2);
  });

  test('SSM is read ten times at once, and then every two seconds', async () => {
    const store = createStore();
    await store.getCredentials(createLongDeadline());
    const refuse = async (times: number) => {
      const credentials: (string | undefined)[] = [];
      for (let call = 0; call < times; call += 1)
        credentials.push((await store.refreshAfter401(KEY, createLongDeadline()))?.apiKey);
      return credentials;
    };
    expect(await refuse(12)).toEqual([...Array.from({ length: 10 }, () => KEY), undefined, undefined]);
    expect(ssm.reads).toHaveLength(11);
    await sleep(2_000);
    rotate();
    expect(await refuse(2)).toEqual([next, next]);
    expect(ssm.reads).toHaveLength(12);
  });

  test('the rejected key is not used again even if SSM is down', async () => {
    const store = createStore();
    await store.getCredentials(createLongDeadline());
    ssm.fault('down');
    const refused = { name: 'ParametersUnavailableError' };
    await expect(store.refreshAfter401(KEY, createDeadline(50))).rejects.toMatchObject(refused);
    await expect(store.getCredentials(createDeadline(50))).rejects.toMatchObject(refused);
    ssm.clearFaults();
    rotate();
    expect((await store.getCredentials(createLongDeadline())).apiKey).toBe(next);
  });

  test('an invalid next key is reported', async () => {
    const store = createStore();
    await store.getCredentials(createLongDeadline());
    ssm.parameters.put(`${PATH}/braze_api_key`, `"${next}"`, 'SecureString');
    await expect(store.refreshAfter401(KEY, createLongDeadline())).rejects.toThrow(
      'braze_api_key has quotes around it.',
    );
  });
});
