// The least that makes the same two calls: one GetParameters, signed as AWS wants it, and one users/track.
import { createHash, createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';

const { PARAMETER_PATH, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
const ssm = process.env.AWS_ENDPOINT_URL_SSM ?? `https://ssm.${AWS_REGION}.amazonaws.com`;
const agents = {
  'http:': { request: http.request, agent: new http.Agent({ keepAlive: true }) },
  'https:': { request: https.request, agent: new https.Agent({ keepAlive: true }) },
};

const post = (url, headers, body) =>
  new Promise((resolve, reject) => {
    const { request, agent } = agents[url.protocol];
    const outgoing = request(url, { method: 'POST', agent, headers }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode, body: JSON.parse(text) }));
    });
    outgoing.on('error', reject).end(body);
  });

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

const signed = (url, target, body) => {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    host: url.host,
    'x-amz-date': time,
    ...(AWS_SESSION_TOKEN && { 'x-amz-security-token': AWS_SESSION_TOKEN }),
    'x-amz-target': target,
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ['POST', '/', '', lines.join(''), names, sha256(body)].join('\n');
  const scope = [time.slice(0, 8), AWS_REGION, 'ssm', 'aws4_request'];
  const key = scope.reduce(hmac, `AWS4${AWS_SECRET_ACCESS_KEY}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n'));
  const credential = `${AWS_ACCESS_KEY_ID}/${scope.join('/')}`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature.toString('hex')}`,
  };
};

let parameters;
const readParameters = async () => {
  const names = ['braze_url', 'braze_api_key'].map((name) => `${PARAMETER_PATH}/${name}`);
  const body = JSON.stringify({ Names: names, WithDecryption: true });
  const url = new URL(ssm);
  const answer = await post(url, signed(url, 'AmazonSSM.GetParameters', body), body);
  const parameter = (name) => answer.body.Parameters.find(({ Name }) => Name === name).Value;
  return { url: new URL('/users/track', parameter(names[0])), key: parameter(names[1]) };
};

export const handler = async ({ payload }) => {
  parameters ??= readParameters();
  const { url, key } = await parameters;
  const { external_id, attributes, event } = payload;
  const body = JSON.stringify({
    attributes: [{ ...attributes, external_id }],
    events: [{ ...event, external_id, time: new Date().toISOString() }],
  });
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  const { status } = await post(url, headers, body);
  return { success: status === 201 ? 'true' : 'error' };
};
