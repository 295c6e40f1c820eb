import { parseJson } from '../../emulators/json.ts';
import { parseEvent } from '../../lib/entry/event.ts';
import { parsePayload } from '../../lib/payload/parse.ts';
import { CliError, defineCommand } from '../cli.ts';
import { type Node, readNodes } from '../nodes.ts';
import { invokeLocal, invokeThroughPypestream } from './invoke.ts';
import { OPTIONS, type Options, readOptions, USAGE } from './options.ts';
import { isGood, type Run, toReport } from './report.ts';
import { NODE_SECRET, startDemoStage } from './stage.ts';
import { runUseCase } from './use-cases.ts';

/** Why values are left out, which the answer of a node does not say. */
const findInvalid = (definition: Node, event: Options['event']): Run['invalid'] => {
  const { payload, context } = parseEvent(event);
  return parsePayload(payload, definition, { now: Date.now() }, context.user_data).invalid;
};

/** Runs the node once, and `redeliver` once more where its request was queued. */
const runNode = async (options: Options): Promise<Run> => {
  const { node, event, fault, throughPypestream } = options;
  const definition = (await readNodes()).nodes.find((one) => one.name === node);
  if (definition === undefined) throw new CliError(`handlers/${node}.ts declares no node ${node}.`);
  const stage = await startDemoStage(definition, event.payload);
  const { braze, undelivered, deadLetters } = stage;
  try {
    if (fault !== undefined) braze.fault(fault);
    const invocation = throughPypestream
      ? await invokeThroughPypestream(node, event, stage, NODE_SECRET)
      : await invokeLocal(node, event, stage);
    braze.clearFaults();
    const messages = [undelivered, deadLetters].flatMap((queue) => queue.messages.map(({ body }) => ({ queue, body })));
    const batch = undelivered.poll();
    const redelivery = batch.Records.length > 0 ? await invokeLocal('redeliver', batch, stage) : undefined;
    return {
      options,
      permission: definition.endpoint.permission,
      invocation,
      requests: braze.requests,
      messages: messages.map(({ queue, body }) => ({ queue: queue.name, body: parseJson(body) })),
      ...(redelivery !== undefined && { redelivery }),
      profiles: braze.profiles,
      invalid: findInvalid(definition, event),
    };
  } finally {
    await stage.close();
  }
};

/** The demo must end even where something hangs. */
const TIMEOUT_MS = 90_000;

/** Prints what one call of a node does, or a whole use case. */
export const demo = defineCommand(
  { usage: USAGE, options: OPTIONS, maxPositionals: 1 },
  async (args, { stdout, stderr }) => {
    setTimeout(() => {
      stderr.write(`The demo did not finish within ${TIMEOUT_MS / 1_000} s.\n`);
      process.exit(1);
    }, TIMEOUT_MS).unref();
    const options = readOptions(args);
    const print = (text: string): void => void stdout.write(`${text}\n`);
    if (typeof options === 'string') return (await runUseCase(options, print)).holds ? 0 : 1;
    const run = await runNode(options);
    print(toReport(run));
    return isGood(run) ? 0 : 1;
  },
);
