import { isObject, isText, parseJson } from './json.ts';
import { type LoopbackServer, startServer } from './server.ts';

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
