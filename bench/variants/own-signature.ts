// In place of @smithy/signature-v4: Signature Version 4 written out, for a POST without a query string.
import { createHash, createHmac } from 'node:crypto';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

interface Signing {
  readonly service: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export class SignatureV4 {
  readonly #signing: Signing;

  constructor(signing: Signing) {
    this.#signing = signing;
  }

  async sign(request: Request) {
    const { service, region, credentials } = this.#signing;
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const headers: Record<string, string> = { ...request.headers, 'x-amz-date': time };
    const names = Object.keys(headers).toSorted();
    const lines = names.map((name) => `${name}:${headers[name]}\n`);
    const canonical = ['POST', request.path, '', lines.join(''), names.join(';'), sha256(request.body)].join('\n');
    const scope = [time.slice(0, 8), region, service, 'aws4_request'];
    const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n');
    const key = scope.reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
    const signature = hmac(key, toSign).toString('hex');
    const credential = `${credentials.accessKeyId}/${scope.join('/')}`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
    return { ...request, headers: { ...headers, authorization } };
  }
}
