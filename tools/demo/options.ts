import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Fault, parseFault } from '../../emulators/braze/faults.ts';
import { isObject, type JsonObject } from '../../emulators/json.ts';
import { type Arguments, CliError } from '../cli.ts';
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

const isNode = (name: string): boolean => /^[a-z][a-z0-9-]*$/.test(name) && existsSync(`handlers/${name}.ts`);

const readJsonObject = (file: string): JsonObject => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new CliError(`The file ${file} cannot be read.`, 2);
  }
  try {
    const value = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (isObject(value)) return value;
  } catch (error) {
    throw new CliError(`${file} is not JSON: ${Error.isError(error) ? error.message : ''}`, 2);
  }
  throw new CliError(`${file} is not a JSON object.`, 2);
};

/** The file's event; a Parameter Input becomes the payload of a conversation that says nothing else. */
const readEvent = (file: string): Pick<Options, 'event' | 'isEvent'> => {
  const value = readJsonObject(file);
  const { payload, context } = value;
  if (!isObject(payload)) return { isEvent: false, event: { payload: value, context: { env: 'sandbox' } } };
  return { isEvent: true, event: { payload, context: isObject(context) ? context : { env: 'sandbox' } } };
};

const listNodes = (): string =>
  readdirSync('handlers')
    .map((file) => basename(file, '.ts'))
    .filter((name) => name !== 'redeliver')
    .join(', ');

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
    if (!isAlone || !isUseCase(useCase)) {
      throw usageError(`--use-case takes one of ${Object.keys(USE_CASES).join(', ')}, and nothing beside it.`);
    }
    return useCase;
  }
  const [file = 'events/track-user.json'] = positionals;
  const fault = values.fault === undefined ? undefined : parseFault(values.fault);
  if (values.fault !== undefined && fault === undefined) throw usageError(`There is no fault ${values.fault}.`);
  const { event, isEvent } = readEvent(file);
  const { node: named } = event.payload;
  const name = basename(file, '.json');
  const node = values.node ?? (typeof named === 'string' ? named.trim() : isNode(name) ? name : 'track-user');
  if (node === 'redeliver') {
    throw new CliError('No flow calls redeliver; "--fault 503" with any node shows what it does.', 2);
  }
  if (!isNode(node)) throw new CliError(`There is no node ${node}. The nodes: ${listNodes()}.`, 2);
  return { file, isEvent, event, node, fault, throughPypestream, verbose };
};
