import { defaultProvider } from '../../lib/credentials.ts';

const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
afterEach(() => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN });
});

const given = (variables: { readonly [name: string]: string }) => {
  const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' };
  Object.assign(process.env, none, variables);
  return defaultProvider()();
};

test('are those of the environment', async () => {
  expect(await given({ AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' })).toEqual({
    ...{ accessKeyId: 'id', secretAccessKey: 'secret' },
  });
});

test('come with the session token that Lambda gives', async () => {
  const variables = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };
  expect(await given(variables)).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' });
});

test.each([{}, { AWS_ACCESS_KEY_ID: 'id' }, { AWS_SECRET_ACCESS_KEY: 'secret' }])(
  'are missing with %j',
  async (some) => {
    await expect(given(some)).rejects.toMatchObject({ name: 'NoCredentials' });
  },
);
