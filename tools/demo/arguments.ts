import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { type Fault, parseFault } from '../../emulators/braze.ts';
import { type Json, parseJson } from '../../emulators/json.ts';

export const USAGE = `npm run demo -- [events/<node>.json] [--node <node>] [--fault <word>] [--through-pypestream]

Runs a node on this machine with "serverless invoke local", against a Braze, an SSM and an SQS
that it starts on loopback, and shows what Braze holds afterwards.

  events/<node>.json  the event; default: events/track-user.json
  --node <node>       the node, where the event's file is not named like one; default: track-user
  --fault <word>      what Braze does instead of answering well:
                      401 403 404 413 429 500 502 503 504, hang, reset, drip, html, redirect,
                      partial, partial-text, refused, odd-message, queued, slow:<milliseconds>;
                      500, 502, 504, hang, reset, drip and html also with -after: the request is
                      processed first; 429 also as 429:retry-after:2 and the like
  --through-pypestream
                      the way a conversation takes: BrazeNode.py (needs python3), signed, over HTTP
                      to the handler, instead of "serverless invoke local"`;

/** Who called the demo made a mistake. */
export class Misused extends Error {
  override readonly name = 'Misused';
}

export interface Arguments {
  readonly file: string;
  readonly event: Json;
  readonly node: string;
  readonly fault: Fault | undefined;
  readonly throughPypestream: boolean;
}

const isNode = (name: string): boolean => /^[a-z][a-z0-9-]*$/.test(name) && existsSync(`handlers/${name}.ts`);

const eventIn = (file: string): Json => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Misused(`There is no file ${file} to read.`);
  }
  const event = parseJson(text);
  if (event === undefined) throw new Misused(`${file} is not JSON.`);
  return event;
};

const faultIn = (word: string | undefined): Fault | undefined => {
  const fault = word === undefined ? undefined : parseFault(word);
  if (word !== undefined && fault === undefined) throw new Misused(`There is no fault ${word}.`);
  return fault;
};

const parsed = (words: readonly string[]) => {
  try {
    return parseArgs({
      args: [...words],
      options: {
        node: { type: 'string' },
        fault: { type: 'string' },
        'through-pypestream': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Misused(error instanceof Error ? error.message : String(error));
  }
};

/** The command line, understood; `undefined` where only help is asked for. Throws `Misused`. */
export const readArguments = (words: readonly string[]): Arguments | undefined => {
  const { values, positionals } = parsed(words);
  if (values.help === true) return undefined;
  const [file = 'events/track-user.json', ...others] = positionals;
  if (others.length > 0) throw new Misused('Only one event at a time.');
  const name = basename(file, '.json');
  const node = values.node ?? (isNode(name) ? name : 'track-user');
  if (node === 'redeliver') throw new Misused('redeliver is fed by SQS; "--fault 503" with any node shows it at work.');
  if (!isNode(node)) throw new Misused(`There is no node ${node} in handlers/.`);
  return {
    file,
    event: eventIn(file),
    node,
    fault: faultIn(values.fault),
    throughPypestream: values['through-pypestream'],
  };
};
