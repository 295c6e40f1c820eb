// A node over braze-api, the client for Braze on npm, and the SSM client.
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Braze } from 'braze-api';

const ssm = new SSMClient();
let client;
const connect = async () => {
  const names = ['braze_url', 'braze_api_key'].map((name) => `${process.env.PARAMETER_PATH}/${name}`);
  const { Parameters } = await ssm.send(new GetParametersCommand({ Names: names, WithDecryption: true }));
  const parameter = (name) => Parameters.find(({ Name }) => Name === name).Value;
  return new Braze(parameter(names[0]), parameter(names[1]));
};

export const handler = async ({ payload }) => {
  client ??= connect();
  const braze = await client;
  const { external_id, attributes, event } = payload;
  const { message } = await braze.users.track({
    attributes: [{ ...attributes, external_id }],
    events: [{ ...event, external_id, time: new Date().toISOString() }],
  });
  return { success: message === 'success' ? 'true' : 'error' };
};
