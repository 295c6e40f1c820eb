// Braze, SSM and SQS in a process of their own, so that their work does not count as the function's. Writes the
// environment variables of a function to standard output. A line on standard input is the fault that Braze has from now
// on, an empty line none; each is answered with what Braze has received since the last one. Ends with its parent process.
import { createInterface } from 'node:readline';
import { type Fault, parseFault } from '../emulators/braze/faults.ts';
import { startLocalStage } from '../emulators/local-stage.ts';

/** Braze keeps what it receives; over 100,000 calls that is more than it should. */
const FORGET_AFTER_MS = 2_000;

const { braze, ssm, variables } = await startLocalStage({ trackLimit: Number.POSITIVE_INFINITY });

const received = { requests: 0, objects: 0, refused: 0, reads: 0 };
let fault: Fault | undefined;
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const take = () => {
  for (const { json, status } of braze.requests) {
    received.requests += 1;
    if (status === undefined || status >= 300) received.refused += 1;
    if (typeof json !== 'object' || json === null) continue;
    for (const list of Object.values(json)) received.objects += isList(list) ? list.length : 0;
  }
  braze.reset();
  if (fault !== undefined) braze.fault(fault);
};
let readsTaken = 0;
setInterval(take, FORGET_AFTER_MS).unref();

process.stdout.write(`${JSON.stringify(variables)}\n`);
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  fault = parseFault(line);
  take();
  const reads = ssm.reads.length - readsTaken;
  readsTaken = ssm.reads.length;
  process.stdout.write(`${JSON.stringify({ ...received, reads })}\n`);
  Object.assign(received, { requests: 0, objects: 0, refused: 0 });
});
lines.on('close', () => process.exit(0));
