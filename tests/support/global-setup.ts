import { type SqsEmulator, startSqs } from '../../emulators/sqs.ts';

declare global {
  var sqsOfThisRun: SqsEmulator;
}

/** Once for the whole run: a local SQS, which the test files share; each makes queues of its own there. */
export default async function start(): Promise<void> {
  globalThis.sqsOfThisRun = await startSqs();
  process.env.TEST_SQS_URL = globalThis.sqsOfThisRun.url;
}
