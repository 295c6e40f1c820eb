import { createRequestHandler } from '../../../lib/config/aws.ts';
import type { HttpResult, SendOnce } from '../../../lib/http.ts';

const REQUEST = { protocol: 'https:', hostname: 'ssm.eu-west-1.amazonaws.com', method: 'POST', path: '/', headers: {} };
const RESPONSE: HttpResult = { kind: 'response', status: 200, headers: { date: 'x' }, text: '{}', complete: true };

const sending = (result: HttpResult) => {
  const sent: unknown[][] = [];
  const send: SendOnce = async (...request) => {
    sent.push(request);
    return result;
  };
  return { sent, handler: createRequestHandler(send, 900) };
};

test.each([
  ['bytes', Buffer.from('{"a":"é"}'), '{"a":"é"}'],
  ['text', '{"a":1}', '{"a":1}'],
  ['nothing', undefined, ''],
])('sends a body of %s, and returns status, headers and bytes', async (_kind, body, text) => {
  const { sent, handler } = sending(RESPONSE);
  const request = { ...REQUEST, ...(body !== undefined && { body }) };
  expect(await handler.handle(request)).toEqual({
    response: { statusCode: 200, headers: { date: 'x' }, body: Buffer.from('{}') },
  });
  expect(sent).toEqual([['POST', 'https://ssm.eu-west-1.amazonaws.com/', {}, text, 900, undefined]]);
});

test('keeps the port of an endpoint, and passes on the abort signal', async () => {
  const { sent, handler } = sending(RESPONSE);
  const abortSignal = AbortSignal.timeout(1_000);
  await handler.handle({ ...REQUEST, protocol: 'http:', hostname: '[::1]', port: 4566 }, { abortSignal });
  expect(sent).toEqual([['POST', 'http://[::1]:4566/', {}, '', 900, abortSignal]]);
});

test.each<[string, HttpResult]>([
  ['was not reached', { kind: 'not_sent', cause: new Error('ECONNREFUSED') }],
  ['gave no answer', { kind: 'unknown', cause: new Error('reset') }],
  ['sent half an answer', { ...RESPONSE, status: 400, complete: false }],
])('throws an error that the SDK retries when AWS %s', async (_case, result) => {
  await expect(sending(result).handler.handle(REQUEST)).rejects.toMatchObject({
    name: 'TimeoutError',
    message: 'AWS sent no complete response.',
  });
});
