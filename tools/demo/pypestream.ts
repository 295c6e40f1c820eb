import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { startHttpApi } from '../../emulators/http-api.ts';
import { isArray, isObject, type Json, type JsonObject, parseJson } from '../../emulators/json.ts';
import * as print from './print.ts';
import { DemoError, type Invoked, STAGE } from './serverless.ts';

/** The secret that the stage and `app.py` share. */
export const NODE_SECRET = 'demo-node-secret';

/** What a handler writes to standard output while it works is its log line. */
const withLogLine = async <T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly line: string }> => {
  const { write } = process.stdout;
  let line = '';
  process.stdout.write = (chunk: string | Uint8Array) => {
    line += String(chunk);
    return true;
  };
  try {
    return { result: await work(), line };
  } finally {
    process.stdout.write = write;
  }
};

const runPython = async (call: JsonObject): Promise<JsonObject> => {
  const python = spawn('python3', ['tests/pypestream/call.py'], { stdio: ['pipe', 'pipe', 'inherit'] });
  python.stdin.on('error', () => {});
  python.stdin.end(JSON.stringify(call));
  const [output] = await Promise.all([text(python.stdout), once(python, 'close')]);
  const said = parseJson(output);
  if (!isObject(said)) throw new DemoError('BrazeNode.py did not answer.');
  return said;
};

/** The same conversation as Pypestream would have it: BrazeNode.py → signed HTTPS → the node's handler → Braze. */
export const invokeThroughPypestream = async (
  node: string,
  event: Json,
  environment: NodeJS.ProcessEnv,
): Promise<Invoked> => {
  // The handler runs in this process, and must see nothing of the account that the caller may be logged in to.
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, environment, { STAGE });
  const { handler } = await import(`../../handlers/${node}.ts`);
  let log: Json | undefined;
  const api = await startHttpApi(() => async (call) => {
    const { result, line } = await withLogLine<unknown>(() => handler(call));
    log = parseJson(line);
    return result;
  });
  try {
    const { payload, context } = isObject(event) ? event : {};
    const params = { [STAGE]: { braze_nodes_url: api.url, braze_nodes_secret: NODE_SECRET } };
    const said = await runPython({
      params,
      payload: { node, ...(isObject(payload) && payload) },
      context: context ?? { env: STAGE },
    }).catch((error: unknown) => {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      throw isMissing ? new DemoError('There is no python3 on this machine to run BrazeNode.py with.') : error;
    });
    print.section('BrazeNode.py called the signed entry, and logged');
    for (const line of isArray(said.log) ? said.log : []) print.note(String(line));
    return { log: isObject(log) ? log : undefined, answer: isObject(said.answer) ? said.answer : {} };
  } finally {
    await api.close();
  }
};
