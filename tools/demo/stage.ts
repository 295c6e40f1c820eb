import { dirname } from 'node:path/posix';
import { type BrazeEmulator, startBraze } from '../../emulators/braze/server.ts';
import { isObject, isText, type Json, type JsonObject } from '../../emulators/json.ts';
import { startSqs } from '../../emulators/sqs.ts';
import { startSsm } from '../../emulators/ssm.ts';
import type { IdentifierName } from '../../lib/payload/identity.ts';
import { getIdentifiers, type Node } from '../nodes.ts';
import { toParameterPath } from '../service.ts';
import { STAGE } from './invoke.ts';
import { openQueues } from './queues.ts';

const API_KEY = 'demo-rest-api-key';
const AWS = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'us-east-1' };

/** Emulators of Braze, of SSM with the stage's parameters, and of SQS with its queues, all on loopback. */
export const startDemoStage = async (payload: JsonObject) => {
  const canvases = isText(payload.canvas_id) ? { [payload.canvas_id.trim()]: 'active' as const } : {};
  const [braze, ssm, sqs] = await Promise.all([startBraze({ apiKey: API_KEY, canvases }), startSsm(), startSqs()]);
  const queues = await openQueues(sqs.url, AWS.AWS_REGION);
  const nodeSecret = 'demo-node-secret-that-is-long-enough';
  ssm.parameters.put(toParameterPath(STAGE, 'braze_url'), braze.url);
  ssm.parameters.put(toParameterPath(STAGE, 'braze_api_key'), API_KEY, 'SecureString');
  ssm.parameters.put(toParameterPath(STAGE, 'node_secret'), nodeSecret, 'SecureString');
  return {
    braze,
    queues,
    nodeSecret,
    /** The environment variables with which a function uses the emulators. */
    environment: {
      ...AWS,
      STAGE,
      PARAMETER_PATH: dirname(toParameterPath(STAGE, 'braze_url')),
      AWS_ENDPOINT_URL_SSM: ssm.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
      UNDELIVERED_QUEUE_URL: queues.undeliveredUrl,
      DEAD_LETTER_QUEUE_URL: queues.deadLetterUrl,
    },
    close: async (): Promise<void> => {
      queues.close();
      await Promise.all([braze.close(), ssm.close(), sqs.close()]);
    },
  };
};

const SAMPLE_PROFILE = {
  first_name: 'Ada',
  last_name: 'Lovelace',
  home_city: 'London',
  language: 'en',
  loyalty_number: '0042',
  interests: ['trains', 'music'],
};

/** The identifiers by which somebody must be in Braze before the node can find them. */
const findSeedIdentifiers = (definition: Node): readonly IdentifierName[] => {
  if (definition.endpoint.path === 'users/track') return [];
  if (definition.endpoint.path === 'users/identify') return ['user_alias', 'email', 'phone'];
  return getIdentifiers(definition);
};

const trim = (value: Json | undefined): Json =>
  isText(value)
    ? value.trim()
    : isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, trim(member)]))
      : (value ?? null);

/** Creates the profile that the node is going to find. */
export const seedProfile = async (definition: Node, payload: JsonObject, { url }: BrazeEmulator): Promise<void> => {
  const name = findSeedIdentifiers(definition).find((key) => payload[key] !== undefined);
  if (name === undefined) return;
  const profile = { ...SAMPLE_PROFILE, [name]: trim(payload[name]), _update_existing_only: false };
  const response = await fetch(`${url}/users/track`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ attributes: [profile] }),
  });
  await response.body?.cancel();
};
