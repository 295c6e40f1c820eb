import type { OutgoingHttpHeaders } from 'node:http';
import type { JsonObject } from '../json.ts';
import type { Answer } from '../server.ts';

/** What Braze, or what stands in front of it, answers. */
export interface Result {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  /** Text is what the servers in front say. */
  readonly body: JsonObject | string;
}

export const reply = (status: number, body: JsonObject, headers: OutgoingHttpHeaders = {}): Result => ({
  status,
  headers,
  body,
});

/** A page as NGINX writes it. */
export const html = (status: number, title: string): Result => ({
  status,
  headers: { 'Content-Type': 'text/html' },
  body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
});

export const toAnswer = ({ status, headers, body }: Result): Answer =>
  typeof body === 'string'
    ? { status, headers, body }
    : { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) };
