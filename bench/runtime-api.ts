import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Lambda's Runtime API for one execution environment: hands it events one at a time, and takes its answers. */
export interface RuntimeApi {
  /** For `AWS_LAMBDA_RUNTIME_API`. */
  readonly host: string;
  /** Gives the next event, to an environment that asks already or to the one that will; rejects where that one failed. */
  invoke(event: string): Promise<string>;
  close(): void;
}

interface Invocation {
  readonly event: string;
  readonly resolve: (answer: string) => void;
  readonly reject: (cause: Error) => void;
}

const NEXT = '/2018-06-01/runtime/invocation/next';
const INIT_ERROR = '/2018-06-01/runtime/init/error';
const ANSWER = /^\/2018-06-01\/runtime\/invocation\/[^/]+\/(response|error)$/;
const FUNCTION_LIMIT_MS = 10_000;

/** `onInitialized` is called when the function asks for its first event. */
export const startRuntimeApi = async (onInitialized = () => {}): Promise<RuntimeApi> => {
  let waiting: Invocation | undefined;
  let running: Invocation | undefined;
  let asking: ServerResponse | undefined;
  let handedOut = 0;
  let isInitialized = false;

  const handOut = () => {
    if (waiting === undefined || asking === undefined) return;
    running = waiting;
    waiting = undefined;
    handedOut += 1;
    asking.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': `request-${handedOut}`,
      'lambda-runtime-deadline-ms': Date.now() + FUNCTION_LIMIT_MS,
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:000000000000:function:bench',
      'lambda-runtime-trace-id': 'Root=1-00000000-000000000000000000000000;Sampled=0',
    });
    asking.end(running.event);
    asking = undefined;
  };

  const takeIn = async (request: IncomingMessage, response: ServerResponse) => {
    const { url = '' } = request;
    if (url === NEXT) {
      if (!isInitialized) onInitialized();
      isInitialized = true;
      asking = response;
      return handOut();
    }
    const body = await text(request);
    const ending = url === INIT_ERROR ? 'init/error' : ANSWER.exec(url)?.[1];
    const invocation = running ?? waiting;
    if (ending === 'response') invocation?.resolve(body);
    else invocation?.reject(new Error(`The function failed (${ending ?? url}): ${body}`));
    response.writeHead(202).end();
  };

  const server = createServer((request, response) => {
    takeIn(request, response).catch((cause: Error) => running?.reject(cause));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    invoke: (event) =>
      new Promise((resolve, reject) => {
        waiting = { event, resolve, reject };
        handOut();
      }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
