// In place of lib/config/ssm-client.ts: the one call that is needed, signed here (Signature Version 4).
// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
import { createHash, createHmac } from 'node:crypto';
import type { Settings } from '../../lib/config/env.ts';
import type { GetParameters } from '../../lib/config/parameters.ts';
import { sendOnce } from '../../lib/http.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const sign = (url: URL, unsigned: Readonly<Record<string, string>>, body: string, settings: Settings) => {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const headers: Record<string, string> = { ...unsigned, host: url.host, 'x-amz-date': time };
  const names = Object.keys(headers).toSorted();
  const lines = names.map((name) => `${name}:${headers[name]}\n`);
  const canonical = ['POST', url.pathname, '', lines.join(''), names.join(';'), sha256(body)].join('\n');
  const scope = [time.slice(0, 8), settings.AWS_REGION ?? '', 'ssm', 'aws4_request'];
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${settings.AWS_SECRET_ACCESS_KEY}`);
  const credential = `${settings.AWS_ACCESS_KEY_ID}/${scope.join('/')}`;
  const signature = hmac(key, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...headers, authorization };
};

export const createGetParameters =
  (settings: Settings): GetParameters =>
  async (path, names, deadline) => {
    const url = new URL(settings.AWS_ENDPOINT_URL_SSM ?? `https://ssm.${settings.AWS_REGION}.amazonaws.com`);
    const body = JSON.stringify({ Names: names.map((name) => `${path}/${name}`), WithDecryption: true });
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.GetParameters' };
    const result = await sendOnce('POST', url.href, sign(url, headers, body, settings), body, deadline.remainingMs());
    if (result.kind !== 'response') throw new Error('no answer');
    const { Parameters } = JSON.parse(result.text);
    return new Map(
      Parameters.map(({ Name, Value }: { Name: string; Value: string }) => [Name.slice(path.length + 1), Value]),
    );
  };
