import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { type Fault, parseFault } from '../../emulators/braze/faults.ts';
import { isObject, isText, type JsonObject } from '../../emulators/json.ts';
import { type Arguments, CliError, readJsonFile } from '../cli.ts';
import { STAGE } from './invoke.ts';
import { isUseCase, USE_CASES, type UseCaseName } from './use-cases.ts';

export const USAGE = `npm run demo -- [FILE] [--node NODE] [--fault FAULT] [--through-pypestream] [--verbose]
npm run demo -- --use-case retargeting|targeting|insights

Runs a node on this machine with "serverless invoke local", against emulators of Braze, SSM and SQS, and shows what
the emulated Braze holds afterwards. It needs no AWS account and no Braze workspace.

  FILE                  an event (events/NODE.json), or a Parameter Input as typed in Design Studio;
                        default: events/track-user.json
  --node NODE           the node; default: the "node" of a Parameter Input, else the name of the file
  --fault FAULT         what Braze does instead of answering well:
                        401 403 404 413 429 500 502 503 504, hang, reset, drip, html, redirect,
                        partial, partial-text, refused, odd-message, queued, slow:MILLISECONDS;
                        500, 502, 504, hang, reset, drip and html also with -after: the request is
                        processed first; 429 also as 429:retry-after:2 and the like
  --through-pypestream  call the node as a conversation does: BrazeNode.py (needs python3), signed, over HTTP
  --verbose             also the context, the request, the log line and the answer
  --use-case USE_CASE   a whole conversation instead of one call (docs/use-cases.md)`;

export interface Options {
  readonly file: string;
  /** Whether the file holds an event, which "serverless invoke local" takes as it is. */
  readonly isEvent: boolean;
  readonly event: { readonly payload: JsonObject; readonly context: JsonObject };
  readonly node: string;
  readonly fault: Fault | undefined;
  readonly throughPypestream: boolean;
  readonly verbose: boolean;
}

/** The file's event; a Parameter Input becomes the payload of a conversation that says nothing else. */
const readEvent = (file: string): Pick<Options, 'event' | 'isEvent'> => {
  const value = readJsonFile(file);
  if (!isObject(value)) throw new CliError(`${file} is not a JSON object.`, 2);
  const { payload, context } = value;
  const isEvent = isObject(payload);
  return {
    isEvent,
    event: { payload: isEvent ? payload : value, context: isEvent && isObject(context) ? context : { env: STAGE } },
  };
};

export const OPTIONS = {
  node: { type: 'string' },
  fault: { type: 'string' },
  'through-pypestream': { type: 'boolean', default: false },
  verbose: { type: 'boolean', short: 'v', default: false },
  'use-case': { type: 'string' },
} as const;

/** What is to be run: a use case by its name, or one call of a node. */
export const readOptions = ({ values, positionals, usageError }: Arguments<typeof OPTIONS>): Options | UseCaseName => {
  const { 'use-case': useCase, 'through-pypestream': throughPypestream, verbose } = values;
  if (useCase !== undefined) {
    const isAlone = positionals.length === 0 && !(values.node || values.fault || throughPypestream || verbose);
    if (isAlone && isUseCase(useCase)) return useCase;
    throw usageError(`--use-case takes one of ${Object.keys(USE_CASES).join(', ')}, and nothing beside it.`);
  }
  const [file = 'events/track-user.json'] = positionals;
  const fault = values.fault === undefined ? undefined : parseFault(values.fault);
  if (values.fault !== undefined && fault === undefined) throw usageError(`There is no fault ${values.fault}.`);
  const { event, isEvent } = readEvent(file);
  const nodes = readdirSync('handlers')
    .map((name) => basename(name, '.ts'))
    .filter((name) => name !== 'redeliver');
  const { node: named } = event.payload;
  const ofFile = basename(file, '.json');
  const node = values.node ?? (isText(named) ? named.trim() : nodes.includes(ofFile) ? ofFile : 'track-user');
  if (node === 'redeliver') {
    throw new CliError('No flow calls redeliver; "--fault 503" with any node shows what it does.', 2);
  }
  if (!nodes.includes(node)) throw new CliError(`There is no node ${node}. The nodes: ${nodes.join(', ')}.`, 2);
  return { file, isEvent, event, node, fault, throughPypestream, verbose };
};
