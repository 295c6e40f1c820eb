import { parseEvent } from '../../lib/entry/event.ts';
import { parsePayload } from '../../lib/payload/parse.ts';
import { CliError } from '../cli.ts';
import { type Node, readNodes } from '../nodes.ts';
import { invokeLocal, invokeThroughPypestream } from './invoke.ts';
import { type Options, readOptions } from './options.ts';
import { toSqsEvent } from './queues.ts';
import { isGood, type Run, toReport } from './report.ts';
import { seedProfile, startDemoStage } from './stage.ts';

const findNode = async (name: string): Promise<Node> => {
  const definition = (await readNodes()).nodes.find((one) => one.name === name);
  if (definition === undefined) throw new CliError(`handlers/${name}.ts declares no node ${name}.`);
  return definition;
};

/** Why values are left out, which the answer of a node does not say. */
const findInvalid = ({ payload: schema, identifiers }: Node, event: Options['event']): Run['invalid'] => {
  const { payload, context } = parseEvent(event);
  return parsePayload(payload, schema, { now: Date.now() }, context.user_data, identifiers).invalid;
};

/** Runs the node once, and `redeliver` once more where its request was queued. */
const runNode = async (options: Options): Promise<Run> => {
  const { node, event, fault, throughPypestream } = options;
  const definition = await findNode(node);
  const { braze, queues, environment, nodeSecret, close } = await startDemoStage(event.payload);
  try {
    await seedProfile(definition, event.payload, braze);
    const seeded = braze.requests.length;
    if (fault !== undefined) braze.fault(fault);
    const invocation = throughPypestream
      ? await invokeThroughPypestream(node, event, environment, nodeSecret)
      : await invokeLocal(node, event, environment);
    const messages = await queues.receive();
    const undelivered = messages.filter(({ queue }) => queue === 'undelivered');
    braze.clearFaults();
    const redelivery =
      undelivered.length > 0 ? await invokeLocal('redeliver', toSqsEvent(undelivered), environment) : undefined;
    return {
      options,
      permission: definition.endpoint.permission,
      isLookUp: !definition.endpoint.queueOnFailure,
      invocation,
      requests: braze.requests.slice(seeded),
      messages,
      ...(redelivery !== undefined && { redelivery }),
      profiles: braze.profiles,
      invalid: findInvalid(definition, event),
    };
  } finally {
    await close();
  }
};

/** Prints what one call of a node does; returns the exit code. */
export const demo = async (argv: readonly string[]): Promise<number> => {
  const run = await runNode(readOptions(argv));
  console.log(toReport(run));
  return isGood(run) ? 0 : 1;
};
