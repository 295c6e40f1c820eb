// Braze and SSM in a process of their own, so that their work is no one else's. Says what a function has to be told of
// them on standard output, answers each line on standard input with what Braze has received since the last one, and
// ends with whoever started it.
import { createInterface } from 'node:readline';
import { startBraze } from '../emulators/braze/server.ts';
import { startSsm } from '../emulators/ssm.ts';

const PATH = '/pypestream-braze/sandbox';
const KEY = 'bench-key';
/** Braze keeps what it receives; over 100,000 calls that is more than it should. */
const FORGET_AFTER_MS = 2_000;

const braze = await startBraze({ apiKey: KEY, trackLimit: Number.POSITIVE_INFINITY });
const ssm = await startSsm();
ssm.parameters.put(`${PATH}/braze_url`, braze.url);
ssm.parameters.put(`${PATH}/braze_api_key`, KEY, 'SecureString');

const received = { requests: 0, objects: 0, refused: 0, reads: 0 };
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const take = () => {
  for (const { json, status } of braze.requests) {
    received.requests += 1;
    if (status === undefined || status >= 300) received.refused += 1;
    if (typeof json !== 'object' || json === null) continue;
    for (const list of Object.values(json)) received.objects += isList(list) ? list.length : 0;
  }
  braze.reset();
};
let readsTaken = 0;
setInterval(take, FORGET_AFTER_MS).unref();

process.stdout.write(
  `${JSON.stringify({
    STAGE: 'sandbox',
    PARAMETER_PATH: PATH,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_SSM: ssm.url,
  })}\n`,
);
const lines = createInterface({ input: process.stdin });
lines.on('line', () => {
  take();
  const reads = ssm.reads.length - readsTaken;
  readsTaken = ssm.reads.length;
  process.stdout.write(`${JSON.stringify({ ...received, reads })}\n`);
  Object.assign(received, { requests: 0, objects: 0, refused: 0 });
});
lines.on('close', () => process.exit(0));
