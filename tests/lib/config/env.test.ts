import { readSettings } from '../../../lib/config/env.ts';

const DEPLOYED = { STAGE: 'sandbox', PARAMETER_PATH: '/second-brand/sandbox' };

describe('the settings', () => {
  test('have a default for all but the stage and the path', () => {
    expect(readSettings(DEPLOYED)).toEqual({
      STAGE: 'sandbox',
      PARAMETER_PATH: '/second-brand/sandbox',
      SERVICE: 'second-brand',
      PARAMETER_TTL_MS: 300_000,
      TIME_BUDGET_MS: 6_000,
      REPLAY_IN_DOUBT: false,
      hasHttpsEntry: true,
      isDeployed: false,
      VERIFIED_NODES: [],
      ignored: [],
    });
  });

  test('have the path of the service if the environment has only the service', () => {
    expect(readSettings({ STAGE: 'Prod', SERVICE: 'second-brand' })).toMatchObject({
      PARAMETER_PATH: '/second-brand/prod',
      SERVICE: 'second-brand',
    });
    expect(readSettings({ ...DEPLOYED, SERVICE: 'another' }).PARAMETER_PATH).toBe('/second-brand/sandbox');
    expect(() => readSettings({ STAGE: 'prod' })).toThrow('PARAMETER_PATH');
  });

  test('have the known variables of the environment, and no others', () => {
    expect(
      readSettings({
        STAGE: 'Prod',
        PARAMETER_PATH: '/elsewhere/prod',
        SERVICE: 'second-brand',
        PARAMETER_TTL_MS: '1000',
        TIME_BUDGET_MS: '2500',
        UNDELIVERED_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/undelivered',
        DEAD_LETTER_QUEUE_URL: 'http://127.0.0.1:9324/1/dead',
        DEFAULT_COUNTRY: 'DE',
        DATE_ORDER: 'DMY',
        REPLAY_IN_DOUBT: 'true',
        VERIFIED_NODES: ' get-profile; Merge-User,',
        AWS_REGION: 'eu-west-1',
        AWS_SECRET_ACCESS_KEY: 'secret',
        HOME: '/root',
      }),
    ).toEqual({
      STAGE: 'prod',
      AWS_SECRET_ACCESS_KEY: 'secret',
      PARAMETER_PATH: '/elsewhere/prod',
      SERVICE: 'second-brand',
      PARAMETER_TTL_MS: 1_000,
      TIME_BUDGET_MS: 2_500,
      UNDELIVERED_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/undelivered',
      DEAD_LETTER_QUEUE_URL: 'http://127.0.0.1:9324/1/dead',
      DEFAULT_COUNTRY: 'DE',
      DATE_ORDER: 'DMY',
      REPLAY_IN_DOUBT: true,
      VERIFIED_NODES: ['get-profile', 'merge-user'],
      AWS_REGION: 'eu-west-1',
      hasHttpsEntry: true,
      isDeployed: false,
      ignored: [],
    });
  });

  test('treat an empty variable as unset', () => {
    const environment = { ...DEPLOYED, TIME_BUDGET_MS: '', UNDELIVERED_QUEUE_URL: '', DATE_ORDER: '' };
    expect(readSettings(environment)).toEqual(readSettings(DEPLOYED));
  });

  test('have no slash at the end of the path', () => {
    expect(readSettings({ STAGE: 'prod', PARAMETER_PATH: '/elsewhere/prod//' }).PARAMETER_PATH).toBe('/elsewhere/prod');
  });

  test('come from the process by default', () => {
    const { STAGE = '', PARAMETER_PATH = '' } = process.env;
    Object.assign(process.env, DEPLOYED);
    expect(readSettings()).toMatchObject(DEPLOYED);
    Object.assign(process.env, { STAGE, PARAMETER_PATH });
  });

  test.each<[string, string]>([
    ['STAGE', ''],
    ['PARAMETER_PATH', ''],
    ['PARAMETER_PATH', 'pypestream'],
    ['UNDELIVERED_QUEUE_URL', 'undelivered'],
    ['AWS_ENDPOINT_URL_SSM', 'localhost:4566'],
    ['AWS_REGION', 'eu-west-1 '],
    ['AWS_SESSION_TOKEN', 'two\nlines'],
    ['DEAD_LETTER_QUEUE_URL', 'dead'],
  ])('report the variable %s if it is "%s", without its value', (name, value) => {
    expect(() => readSettings({ ...DEPLOYED, [name]: value })).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        message: `The environment variable ${name} is missing or malformed.`,
      }),
    );
  });

  test.each([
    ['DEFAULT_COUNTRY', ' de ', 'DE'],
    ['DEFAULT_COUNTRY', 'UK', 'GB'],
    ['DEFAULT_COUNTRY', 'uk', 'GB'],
    ['DATE_ORDER', 'dmy', 'DMY'],
    ['DATE_ORDER', 'Mdy\t', 'MDY'],
    ['REPLAY_IN_DOUBT', 'True', true],
    ['REPLAY_IN_DOUBT', ' FALSE', false],
    ['TIME_BUDGET_MS', ' 2500 ', 2_500],
    ['PARAMETER_TTL_MS', '60000', 60_000],
  ])('read the optional %s from "%s", whatever its letter case and blanks', (name, value, expected) => {
    expect(readSettings({ ...DEPLOYED, [name]: value })).toMatchObject({ [name]: expected, ignored: [] });
  });

  test.each([
    ['DEFAULT_COUNTRY', 'Narnia'],
    ['DEFAULT_COUNTRY', 'EU'],
    ['DATE_ORDER', 'YMD'],
    ['REPLAY_IN_DOUBT', 'yes'],
    ['TIME_BUDGET_MS', '6s'],
    ['TIME_BUDGET_MS', '-1'],
    ['TIME_BUDGET_MS', '0'],
    ['TIME_BUDGET_MS', '1e3'],
    ['TIME_BUDGET_MS', '99999999999'],
    ['PARAMETER_TTL_MS', 'soon'],
  ])('treat the optional %s as unset if it is "%s", and report it', (name, value) => {
    expect(readSettings({ ...DEPLOYED, [name]: value })).toEqual({ ...readSettings(DEPLOYED), ignored: [name] });
  });
});
