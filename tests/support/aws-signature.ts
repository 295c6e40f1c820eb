import { createHash, createHmac } from 'node:crypto';
import type { Received } from '../../emulators/server.ts';

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const AUTHORIZATION = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;

/**
 * Whose request it is by its signature, as AWS computes it (IAM User Guide, "Signature Version 4"), with the region and
 * the service that it was signed for; `undefined` where the signature is not that of the secret.
 */
export const signedBy = ({ method, path, query, headers, body }: Received, secret: string): string | undefined => {
  const [, id, scope = '', names = '', signature] = AUTHORIZATION.exec(String(headers.authorization)) ?? [];
  const lines = names.split(';').map((name) => `${name}:${headers[name]}\n`);
  const canonical = [method, path, query, lines.join(''), names, sha256(body ?? '')].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const [date = '', ...rest] = scope.split('/');
  const isToday = String(headers['x-amz-date']).startsWith(date);
  return isToday && hmac(key, toSign).toString('hex') === signature ? `${id} for ${rest.join('/')}` : undefined;
};
