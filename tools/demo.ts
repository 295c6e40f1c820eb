import { isObject, type JsonObject } from '../emulators/json.ts';
import { type Arguments, Misused, readArguments, USAGE } from './demo/arguments.ts';
import { type Claim, claimsOf, isReading, missingAt } from './demo/claims.ts';
import { holdsAll, problemsOf } from './demo/fault.ts';
import * as print from './demo/print.ts';
import { invokeThroughPypestream } from './demo/pypestream.ts';
import { type Kept, toSqsEvent } from './demo/queues.ts';
import { DemoError, invokeLocal, STAGE } from './demo/serverless.ts';
import * as show from './demo/show.ts';
import { introduce, openWorld, type World } from './demo/world.ts';

const summary = ({ length }: readonly Claim[]): string =>
  length === 0
    ? 'The request was to read, and Braze answered it.'
    : `Read back from Braze: all that the request says is there (${length} of ${length}), and nothing is doubled.`;

/** Lifts the fault and lets `redeliver` send what waits in the undelivered queue. */
const redeliver = async (
  waiting: readonly Kept[],
  body: JsonObject,
  claims: readonly Claim[],
  world: World,
): Promise<readonly string[]> => {
  const { braze, queues, environment } = world;
  const before = braze.requests.length;
  braze.clearFaults();
  print.section('Braze answers again: SQS hands the message to redeliver');
  const invoked = await invokeLocal('redeliver', toSqsEvent(waiting), environment);
  await queues.settle(waiting, invoked.answer);
  print.json(invoked.answer);
  show.log(invoked);
  show.requests(braze.requests.slice(before), body);
  show.profiles('The profile Braze now holds', braze.profiles);
  const { batchItemFailures } = invoked.answer;
  const isDone = Array.isArray(batchItemFailures) && batchItemFailures.length === 0;
  return [
    ...(isDone ? [] : ['redeliver sent the message back to the queue.']),
    ...((await queues.receive()).length === 0 ? [] : ['A message is left in a queue.']),
    ...holdsAll(missingAt(braze, claims)),
  ];
};

const run = async (
  { file, event, node, fault, throughPypestream }: Arguments,
  payload: JsonObject,
  world: World,
): Promise<boolean> => {
  const { braze, queues, environment } = world;
  print.section(
    `${node} on the stage ${STAGE}, with ${file}${fault === undefined ? '' : `, while Braze does ${fault}`}`,
  );
  print.note(throughPypestream ? 'BrazeNode.py, then HTTP to the handler.' : 'serverless invoke local.');
  print.note('Braze, SSM and SQS are emulators on this machine.');
  show.conversation(event);
  const known = await introduce(node, payload, braze);
  if (known !== undefined) show.profiles('Whom Braze knows before', braze.profiles);
  const before = braze.requests.length;
  if (fault !== undefined) braze.fault(fault);

  const invoke = throughPypestream ? invokeThroughPypestream : invokeLocal;
  const invoked = await invoke(node, event, environment);
  const received = braze.requests.slice(before);
  const kept = await queues.receive();
  const request = received.at(-1);
  const body = isObject(request?.json) ? request.json : {};
  show.requests(received);
  show.profiles('The profile Braze now holds', braze.profiles);
  show.messages(kept, body);
  show.log(invoked);
  show.answer(invoked);

  const path = request?.path ?? '';
  const claims = claimsOf(path, body);
  const missing = missingAt(braze, claims);
  const problems =
    request === undefined || (claims.length === 0 && !isReading(path))
      ? ['Braze received nothing that it could hold.']
      : problemsOf({ fault, path, body, answer: invoked.answer, claims, missing, kept });
  const waiting = kept.filter(({ queue }) => queue === 'undelivered');
  const later = problems.length === 0 && waiting.length > 0 ? await redeliver(waiting, body, claims, world) : [];

  console.log();
  const all = [...problems, ...later];
  for (const problem of all) print.verdict(false, problem);
  if (all.length > 0) return false;
  const [parked] = kept.filter(({ queue }) => queue === 'dead-letter');
  if (parked !== undefined) {
    print.verdict(
      true,
      `Nothing is lost: the request waits in the dead-letter queue for an operator (${parked.reason}).`,
    );
  } else if (invoked.answer.success === 'error' && isReading(path)) {
    print.verdict(true, 'A look-up is not kept for later, and the flow was told that it failed.');
  } else if (invoked.answer.success === 'error') {
    print.verdict(true, 'Braze refused the request for good, and the flow was told so.');
  } else if (waiting.length === 0 && missing.length > 0) {
    print.verdict(true, 'Braze holds everything but the object that it refused, and the flow was told so (partial).');
  } else {
    print.verdict(true, summary(claims));
  }
  return true;
};

const main = async (): Promise<number> => {
  const given = readArguments(process.argv.slice(2));
  if (given === undefined) {
    console.log(USAGE);
    return 0;
  }
  const began = performance.now();
  const payload = isObject(given.event) && isObject(given.event.payload) ? given.event.payload : {};
  const world = await openWorld(payload);
  try {
    const isGood = await run(given, payload, world);
    print.note(`${((performance.now() - began) / 1_000).toFixed(1)} s`);
    return isGood ? 0 : 1;
  } finally {
    await world.close();
  }
};

/** Whatever may hang, the demo does not. */
const LONGEST_MS = 90_000;
setTimeout(() => {
  console.error(`The demo did not come to its end within ${LONGEST_MS / 1_000} s.`);
  process.exit(1);
}, LONGEST_MS).unref();

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof Misused) console.error(`${error.message}\n\n${USAGE}`);
  else console.error('The demo failed:', error instanceof DemoError ? error.message : error);
  process.exitCode = error instanceof Misused ? 2 : 1;
}
