import * as v from 'valibot';
import { isFault } from '../../emulators/braze/faults.ts';
import type { RequestRecord } from '../../emulators/braze/gateway.ts';
import { startBraze } from '../../emulators/braze/server.ts';
import type { Json } from '../../emulators/json.ts';
import { CliError, defineCommand, readJsonFile } from '../cli.ts';

const USAGE = `npm run emulator -- [--port PORT] [--seed FILE] [--key KEY] [--fault FAULT] [--latency MS]

Runs the emulated Braze by itself on this machine, for the tests of any integration. It keeps everything in memory
and prints a line for each request, with the values that Braze would drop or change without an error.

  --port PORT   default: 8080; 0: a free port
  --seed FILE   JSON: "profiles" (user attributes objects), "canvases" and "campaigns" ({"id": "active"}),
                "catalogs" ({"name": [{"id": "…"}]}), "preferenceCenters" (["id"])
  --key KEY     the API key; default: emulated-key
  --fault FAULT what it does instead of answering well, until it is stopped; one request alone gets a fault by
                the header X-Emulator-Fault. docs/emulator.md lists the faults.
  --latency MS  how late every answer comes`;

const OPTIONS = {
  port: { type: 'string', default: '8080' },
  seed: { type: 'string' },
  key: { type: 'string' },
  fault: { type: 'string' },
  latency: { type: 'string', default: '0' },
} as const;

const JsonValue: v.GenericSchema<unknown, Json> = v.lazy(() =>
  v.union([v.null(), v.boolean(), v.number(), v.string(), v.array(JsonValue), v.record(v.string(), JsonValue)]),
);
const JsonObject = v.record(v.string(), JsonValue);
const Statuses = v.record(v.string(), v.picklist(['active', 'paused', 'archived']));
const Item = v.intersect([v.object({ id: v.string() }), JsonObject]);
const Seed = v.strictObject({
  profiles: v.exactOptional(v.array(JsonObject)),
  canvases: v.exactOptional(Statuses),
  campaigns: v.exactOptional(Statuses),
  catalogs: v.exactOptional(v.record(v.string(), v.array(Item))),
  preferenceCenters: v.exactOptional(v.array(v.string())),
});

const readSeed = (file: string) => {
  const parsed = v.safeParse(Seed, readJsonFile(file));
  if (parsed.success) return parsed.output;
  throw new CliError(`${file} is not a seed: ${v.getDotPath(parsed.issues[0]) ?? ''} ${parsed.issues[0].message}`, 2);
};

const describeRequest = ({ method, path, status, dropped, changed }: RequestRecord): string =>
  [
    `${method} ${path} ${status ?? 'no answer'}`,
    ...dropped.map((note) => `  dropped ${note.path}: ${note.why}`),
    ...changed.map((note) => `  changed ${note.path}: ${note.why}`),
  ].join('\n');

/** Starts the emulator, which runs until the process ends. */
export const emulator = defineCommand(
  { usage: USAGE, options: OPTIONS },
  async ({ values, usageError }, { stdout }) => {
    const readNumber = (name: 'port' | 'latency', max: number): number => {
      const number = /^\d{1,9}$/.test(values[name]) ? Number(values[name]) : Number.NaN;
      if (!(number <= max)) throw usageError(`--${name} takes a number up to ${max}.`);
      return number;
    };
    const { seed, key, fault } = values;
    const port = readNumber('port', 65_535);
    const latencyMs = readNumber('latency', 600_000);
    if (fault !== undefined && !isFault(fault)) throw usageError('There is no such fault.');
    const options = {
      ...(seed !== undefined && readSeed(seed)),
      ...(key !== undefined && { apiKey: key }),
      port,
      latencyMs,
      onRequest: (record: RequestRecord) => stdout.write(`${describeRequest(record)}\n`),
    };
    const braze = await startBraze(options).catch((error) => {
      if ('code' in error) throw new CliError(`The emulator cannot listen on port ${port} (${error.code}).`);
      throw new CliError(`${seed} has a profile that Braze would refuse: ${error.message}`, 2);
    });
    if (fault !== undefined) braze.fault(fault);
    stdout.write(`The emulated Braze listens on ${braze.url}; its API key is ${braze.apiKey}.\n`);
    return 0;
  },
);
