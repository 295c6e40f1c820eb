// Braze and SSM in a process of their own, so that their work is no one else's. Says what a function has to be told of
// them on standard output, answers each line on standard input with what Braze has received since the last one, and
// ends with whoever started it.
import { createInterface } from 'node:readline';
import { startLocalStage } from '../emulators/local-stage.ts';

/** Braze keeps what it receives; over 100,000 calls that is more than it should. */
const FORGET_AFTER_MS = 2_000;

const { braze, ssm, variables } = await startLocalStage({ trackLimit: Number.POSITIVE_INFINITY });

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

process.stdout.write(`${JSON.stringify(variables)}\n`);
const lines = createInterface({ input: process.stdin });
lines.on('line', () => {
  take();
  const reads = ssm.reads.length - readsTaken;
  readsTaken = ssm.reads.length;
  process.stdout.write(`${JSON.stringify({ ...received, reads })}\n`);
  Object.assign(received, { requests: 0, objects: 0, refused: 0 });
});
lines.on('close', () => process.exit(0));
