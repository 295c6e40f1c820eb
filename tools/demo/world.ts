import { type BrazeEmulator, startBraze } from '../../emulators/braze.ts';
import { isObject, isText, type Json, type JsonObject } from '../../emulators/json.ts';
import { startSqs } from '../../emulators/sqs.ts';
import { startSsm } from '../../emulators/ssm.ts';
import { NODE_SECRET } from './pypestream.ts';
import { openQueues, type Queues } from './queues.ts';
import { STAGE } from './serverless.ts';

const API_KEY = 'demo-rest-api-key';
const LOCAL_AWS = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'us-east-1' };

/** A Braze, an SSM with the stage's parameters, and an SQS with its queues, all on loopback. */
export interface World {
  readonly braze: BrazeEmulator;
  readonly queues: Queues;
  /** What a function has to find in its environment to live there. */
  readonly environment: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

type Closing = () => Promise<void> | void;

const closeAll = async (closings: readonly Closing[]): Promise<void> => {
  for (const close of closings.toReversed()) await close();
};

export const openWorld = async (payload: JsonObject): Promise<World> => {
  const closings: Closing[] = [];
  const opened = async <T extends { close: Closing }>(starting: Promise<T>): Promise<T> => {
    const one = await starting;
    closings.push(() => one.close());
    return one;
  };
  try {
    const canvases = isText(payload.canvas_id) ? { [payload.canvas_id.trim()]: 'active' as const } : {};
    const started = await Promise.allSettled([
      opened(startBraze({ apiKey: API_KEY, canvases })),
      opened(startSsm()),
      opened(startSqs()),
    ]);
    const [braze, ssm, sqs] = started;
    if (braze.status === 'rejected') throw braze.reason;
    if (ssm.status === 'rejected') throw ssm.reason;
    if (sqs.status === 'rejected') throw sqs.reason;
    const queues = await opened(openQueues(sqs.value.url, LOCAL_AWS));
    const { put } = ssm.value.parameters;
    put(`/pypestream-braze/${STAGE}/braze_url`, braze.value.url);
    put(`/pypestream-braze/${STAGE}/braze_api_key`, API_KEY, 'SecureString');
    put(`/pypestream-braze/${STAGE}/node_secret`, NODE_SECRET, 'SecureString');
    return {
      braze: braze.value,
      queues,
      environment: {
        ...LOCAL_AWS,
        AWS_ENDPOINT_URL_SSM: ssm.value.url,
        AWS_ENDPOINT_URL_SQS: sqs.value.url,
        UNDELIVERED_QUEUE_URL: queues.undeliveredUrl,
        DEAD_LETTER_QUEUE_URL: queues.deadLetterUrl,
      },
      close: () => closeAll(closings),
    };
  } catch (error) {
    await closeAll(closings);
    throw error;
  }
};

const trimmed = (value: Json | undefined): Json | undefined => (isText(value) ? value.trim() : value);

const SAMPLE = {
  first_name: 'Ada',
  last_name: 'Lovelace',
  home_city: 'London',
  language: 'en',
  loyalty_number: '0042',
  interests: ['trains', 'music'],
};

const IDENTIFIERS = ['external_id', 'user_alias', 'email', 'phone'];

/**
 * By which key somebody is at Braze already when a node speaks of them: by the one that identifies, unless it says
 * otherwise here. Who is only tracked need not be there before.
 */
const KNOWN_BY: Readonly<Record<string, readonly string[]>> = {
  'track-user': [],
  'track-event': [],
  'track-purchase': [],
  'set-subscription': [],
  'identify-user': ['user_alias', 'email', 'phone'],
};

/** Lets Braze know the person whom a node looks for; says who it is, if there is one to know. */
export const introduce = async (node: string, payload: JsonObject, braze: BrazeEmulator): Promise<Json | undefined> => {
  const name = (KNOWN_BY[node] ?? IDENTIFIERS).find((key) => payload[key] !== undefined);
  if (name === undefined) return undefined;
  const value = payload[name];
  const identifier = {
    [name]: isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, trimmed(part) ?? null]))
      : (trimmed(value) ?? null),
  };
  const response = await fetch(`${braze.url}/users/track`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ attributes: [{ ...SAMPLE, ...identifier, _update_existing_only: false }] }),
  });
  await response.text();
  return identifier;
};
