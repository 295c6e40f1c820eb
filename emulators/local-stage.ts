import type { BrazeOptions } from './braze/gateway.ts';
import { type BrazeEmulator, startBraze } from './braze/server.ts';
import { isObject, isText, parseJson } from './json.ts';
import { type LoopbackServer, startServer } from './server.ts';
import { type SqsEmulator, type SqsQueue, startSqs } from './sqs.ts';
import { type SsmEmulator, type SsmOptions, startSsm } from './ssm.ts';

export interface LocalStageOptions extends Omit<BrazeOptions, 'now'> {
  /** Where the stage's parameters are, e.g. `/a-brand/sandbox`; its last part is the stage's name. */
  readonly parameterPath?: string;
  /** The secret with which calls through the HTTP entry are signed. */
  readonly nodeSecret?: string;
  /** The secret with which links are signed. */
  readonly linkSecret?: string;
  /** The rate at which SSM answers. */
  readonly ssmRate?: SsmOptions['rate'];
}

export type ParameterName = 'braze_url' | 'braze_api_key' | 'node_secret' | 'link_secret';

/** A stage as it is deployed, on loopback: Braze, SSM with its parameters, and SQS with its two queues. */
export interface LocalStage {
  readonly braze: BrazeEmulator;
  readonly ssm: SsmEmulator;
  readonly sqs: SqsEmulator;
  readonly undelivered: SqsQueue;
  readonly deadLetters: SqsQueue;
  /** The environment variables of a function of this stage. */
  readonly variables: Readonly<Record<string, string>>;
  /** Sets a parameter of this stage until the next `reset`; without a value, deletes it. */
  setParameter(name: ParameterName, value?: string): void;
  /** Braze, parameters and queues as at the start, and no faults. */
  reset(): void;
  close(): Promise<void>;
}

/** Region and credentials that no AWS account has. */
export const LOCAL_AWS = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
} as const;

/**
 * @example
 * const stage = await startLocalStage({ profiles: [{ external_id: 'ann', email: 'ann@example.com' }] });
 * Object.assign(process.env, stage.variables);
 */
export const startLocalStage = async (options: LocalStageOptions = {}): Promise<LocalStage> => {
  const { parameterPath = '/a-brand/sandbox', nodeSecret, linkSecret, ssmRate, ...rest } = options;
  const { apiKey = 'local-key' } = rest;
  const [braze, ssm, sqs] = await Promise.all([
    startBraze({ ...rest, apiKey }),
    startSsm(ssmRate && { rate: ssmRate }),
    startSqs(),
  ]);
  const undelivered = sqs.createQueue('undelivered');
  const deadLetters = sqs.createQueue('dead-letters');
  const setParameter = (name: ParameterName, value?: string): void => {
    const path = `${parameterPath}/${name}`;
    if (value === undefined) ssm.parameters.delete(path);
    else ssm.parameters.put(path, value, name === 'braze_url' ? 'String' : 'SecureString');
  };
  const setParameters = (): void => {
    setParameter('braze_url', braze.url);
    setParameter('braze_api_key', apiKey);
    setParameter('node_secret', nodeSecret);
    setParameter('link_secret', linkSecret);
  };
  setParameters();
  return {
    braze,
    ssm,
    sqs,
    undelivered,
    deadLetters,
    variables: {
      ...LOCAL_AWS,
      STAGE: parameterPath.slice(parameterPath.lastIndexOf('/') + 1),
      PARAMETER_PATH: parameterPath,
      AWS_ENDPOINT_URL_SSM: ssm.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
      UNDELIVERED_QUEUE_URL: undelivered.url,
      DEAD_LETTER_QUEUE_URL: deadLetters.url,
    },
    setParameter,
    reset: () => {
      braze.reset();
      braze.apiKey = apiKey;
      ssm.clearFaults();
      setParameters();
      sqs.reset();
    },
    close: async () => {
      await Promise.all([braze.close(), ssm.close(), sqs.close()]);
    },
  };
};

/** The Lambda function behind a route: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export type Integration = (event: unknown) => Promise<unknown>;

const MAX_BODY_BYTES = 10 * 1_024 * 1_024;

/** An API Gateway HTTP API on loopback, with the routes `POST /nodes/{node}` of the nodes that `find` returns. */
export const startHttpApi = (find: (node: string) => Integration | undefined): Promise<LoopbackServer> =>
  startServer(MAX_BODY_BYTES, async ({ received, send }) => {
    const { method, path, query, headers, body } = received;
    const node = /^\/nodes\/([a-z0-9-]+)$/.exec(path)?.[1];
    const integration = node === undefined || method !== 'POST' ? undefined : find(node);
    const json = { 'Content-Type': 'application/json' };
    if (integration === undefined) return send({ status: 404, headers: json, body: '{"message":"Not Found"}' });
    if (body === undefined) {
      return send({ status: 413, headers: json, body: '{"message":"Request Entity Too Large"}' });
    }
    const text = body.toString();
    // API Gateway encodes a body that is not text.
    const isBase64Encoded = !Buffer.from(text).equals(body);
    const answer = await integration({
      version: '2.0',
      routeKey: `POST /nodes/${node}`,
      rawPath: path,
      rawQueryString: query,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      requestContext: { http: { method, path, protocol: 'HTTP/1.1' } },
      body: isBase64Encoded ? body.toString('base64') : text,
      isBase64Encoded,
    });
    const response = parseJson(JSON.stringify(answer) ?? '');
    const { statusCode, headers: ownHeaders, body: ownBody } = isObject(response) ? response : {};
    if (typeof statusCode !== 'number' || !isText(ownBody)) {
      return send({ status: 500, headers: json, body: '{"message":"Internal Server Error"}' });
    }
    const entries = Object.entries(isObject(ownHeaders) ? ownHeaders : json).map(([name, value]) => [
      name,
      String(value),
    ]);
    return send({ status: statusCode, headers: Object.fromEntries(entries), body: ownBody });
  });
