// As a node is usually written: the SSM client, zod and the global fetch, bundled with esbuild's defaults.
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';

const Envelope = z.object({
  payload: z.object({
    external_id: z.string().trim().min(1).max(987),
    attributes: z
      .object({
        first_name: z.string().trim().max(255).optional(),
        last_name: z.string().trim().max(255).optional(),
        email: z.string().trim().toLowerCase().pipe(z.email()).optional(),
        home_city: z.string().trim().max(255).optional(),
        phone: z.string().optional(),
      })
      .loose(),
    event: z.object({ name: z.string().min(1), properties: z.record(z.string(), z.unknown()).optional() }).optional(),
  }),
});

const ssm = new SSMClient();
let parameters;
const readParameters = async () => {
  const names = ['braze_url', 'braze_api_key'].map((name) => `${process.env.PARAMETER_PATH}/${name}`);
  const { Parameters } = await ssm.send(new GetParametersCommand({ Names: names, WithDecryption: true }));
  const parameter = (name) => Parameters.find(({ Name }) => Name === name).Value;
  return { url: parameter(names[0]), key: parameter(names[1]) };
};

export const handler = async (event) => {
  const { payload } = Envelope.parse(event);
  parameters ??= readParameters();
  const { url, key } = await parameters;
  const { external_id } = payload;
  const attributes = { ...payload.attributes, external_id };
  const happened = payload.event && { ...payload.event, external_id, time: new Date().toISOString() };
  const response = await fetch(`${url}/users/track`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ attributes: [attributes], ...(happened && { events: [happened] }) }),
  });
  const { message } = await response.json();
  return { success: message === 'success' ? 'true' : 'error' };
};
