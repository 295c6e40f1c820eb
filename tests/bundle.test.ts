import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import windows from 'cldr-core/supplemental/windowsZones.json' with { type: 'json' };
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { getCountries, getExampleNumber } from 'libphonenumber-js/core';
import examples from 'libphonenumber-js/examples.mobile.json';
import metadata from 'libphonenumber-js/metadata.min.json';
import * as rails from 'rails-timezone';
import { LOCAL_AWS, startLocalStage } from '../emulators/local-stage.ts';
import { startServer } from '../emulators/server.ts';
import plugins from '../infrastructure/lazy-files.cjs';
import { toE164 } from '../lib/payload/fields/phone-number.ts';
import { findZone } from '../lib/payload/words/time-zone-names.ts';
import { nodes, service } from './support/service.ts';

/** Bytes, zipped, of what a cold start loads: the function and AWS's client for the parameters (docs/performance.md). */
const MAX_ZIPPED_BYTES = 125_000;
const AWS_FILES = ['ssm-sdk.cjs', 'aws-clients-shared.cjs'];

// The plugin's own options beside those of esbuild.
const { exclude, outputFileExtension, plugins: pluginsFile, ...options } = service.custom.esbuild;
const external = exclude as string[];
let folder: string;
let inputs: Metafile['outputs'];

const toFile = (node: string) => join(folder, `${node}.cjs`);

const heaviestIn = (node: string): readonly string[] =>
  Object.entries(Object.entries(inputs).find(([path]) => path.endsWith(`${node}.cjs`))?.[1].inputs ?? {})
    .map(([path, { bytesInOutput }]) => [bytesInOutput, path.replace(/^.*node_modules\//, '')] as const)
    .toSorted(([a], [b]) => b - a)
    .slice(0, 10)
    .map(([bytes, path]) => `${bytes} ${path}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  const { metafile } = await build({
    ...(options as BuildOptions),
    entryPoints: nodes.map((node) => `handlers/${node}.ts`),
    outdir: folder,
    plugins,
    external,
    outExtension: { '.js': String(outputFileExtension) },
    metafile: true,
    logLevel: 'error',
  });
  inputs = metafile.outputs;
});
afterAll(() => rm(folder, { recursive: true }));

test('bundles import only modules of Node, and of the SDK those that are never loaded in Lambda', () => {
  expect(pluginsFile).toBe('./infrastructure/lazy-files.cjs');
  const imports = Object.values(inputs).flatMap((output) => output.imports);
  const left = imports.filter(
    ({ path, kind }) => !isBuiltin(path) && !(kind === 'dynamic-import' && external.includes(path)),
  );
  const lazy = ['other-words.cjs', 'phone-number.cjs', 'sqs-client.cjs', 'ssm-sdk.cjs', 'time-zone-names.cjs'];
  const shared = 'aws-clients-shared.cjs';
  expect(new Set(left.map(({ path }) => basename(path)))).toEqual(new Set([...lazy, shared]));
  expect(readdirSync(folder).toSorted()).toEqual([...nodes.map((node) => `${node}.cjs`), ...lazy, shared].toSorted());
});

test('bundles contain nothing of the emulators, the tests or the tools', () => {
  const sources = Object.values(inputs).flatMap((output) => Object.keys(output.inputs));
  expect(sources).toContain('lib/node/create-handler.ts');
  expect(sources.filter((path) => !/^(?:handlers|lib|node_modules)\//.test(path))).toEqual([]);
  expect(sources.filter((path) => /node_modules\/(?:fast-check|esbuild|jest)/.test(path))).toEqual([]);
});

test('each bundle loads in a new process, and exports an async handler', async () => {
  const script = `for (const file of process.argv.slice(1)) console.log(require(file).handler.constructor.name)`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, ...nodes.map(toFile)]);
  expect(stdout.trim().split('\n')).toEqual(nodes.map(() => 'AsyncFunction'));
});

test.each(nodes)('the bundle of %s stays within its size', async (node) => {
  const files = [toFile(node), ...AWS_FILES.map((name) => join(folder, name))];
  const zipped = await Promise.all(
    files.map(async (file) => (await promisify(deflateRaw)(await readFile(file))).length),
  );
  const total = zipped.reduce((sum, bytes) => sum + bytes);
  // Shown where the weight is broken: what weighs most.
  expect(total > MAX_ZIPPED_BYTES ? { total, heaviest: heaviestIn(node) } : {}).toEqual({});
});

test('a bundle parses phone numbers of every country as the complete package does', () => {
  const bundled: { readonly toE164: typeof toE164 } = require(join(folder, 'phone-number.cjs'));
  const numbers = getCountries(metadata).flatMap((country) => {
    const example = getExampleNumber(country, examples, metadata);
    return example === undefined
      ? []
      : [example.formatNational(), example.formatInternational(), `${example.number}9`].map((text) => ({
          text,
          country,
        }));
  });
  expect(numbers.length).toBeGreaterThan(3 * 240);
  const read = (parse: typeof toE164) => numbers.map(({ text, country }) => [text, country, parse(text, country)]);
  expect(read(bundled.toE164)).toEqual(read(toE164));
  expect(bundled.toE164('020 7183 8750', 'GB')).toBe('+442071838750');
});

test('a bundle knows time zones by every name of Windows and of Rails', () => {
  const bundled: { readonly findZone: typeof findZone } = require(join(folder, 'time-zone-names.cjs'));
  const windowsNames = windows.supplemental.windowsZones.mapTimezones.map(({ mapZone }) => mapZone._other);
  const names = [...new Set([...windowsNames, ...rails.list()])];
  expect(names.length).toBeGreaterThan(250);
  expect(names.map(bundled.findZone)).toEqual(names.map(findZone));
  expect(bundled.findZone('Romance Standard Time')).toBe('Europe/Paris');
});

const stageWithoutParameters = {
  PATH: process.env.PATH,
  STAGE: 'sandbox',
  PARAMETER_PATH: '/a-brand/sandbox',
  TIME_BUDGET_MS: '60000',
  ...LOCAL_AWS,
};

/** An SSM that answers with these errors in turn, the last of them for good. */
const startFailingSsm = async (...names: readonly [string, ...string[]]) => {
  let reads = 0;
  const server = await startServer(10_000, ({ send }) => {
    const __type = names[Math.min(reads, names.length - 1)];
    reads += 1;
    send({ status: __type === 'InternalServerError' ? 500 : 400, body: JSON.stringify({ __type }) });
  });
  return { ...server, reads: () => reads };
};

/** What an answer costs beside the bundle itself: the files that are loaded for it, and the languages `Intl` is asked for. */
const measureCost = async (
  attributes: object,
): Promise<{ readonly files: readonly string[]; readonly asked: readonly string[] }> => {
  const script = `
    const { basename } = require('node:path');
    const asked = new Set();
    for (const name of ['DateTimeFormat', 'DisplayNames', 'NumberFormat']) {
      const count = (type, [locale, ...rest]) => (asked.add(String(locale)), Reflect.construct(type, [locale, ...rest]));
      Intl[name] = new Proxy(Intl[name], { construct: count });
    }
    const { handler } = require(process.argv[1]);
    const payload = { external_id: 'ann', attributes: JSON.parse(process.argv[2]) };
    const context = { user_data: { browser_language: 'fr-FR' } };
    handler({ payload, context }, {}).then(({ BRAZE_INVALID_FIELDS = '' }) => {
      const always = process.argv.slice(3);
      const files = Object.keys(require.cache).map((file) => basename(file)).filter((file) => !always.includes(file));
      process.stderr.write('\\n' + JSON.stringify({ files, asked: [...asked], BRAZE_INVALID_FIELDS }));
    });`;
  const args = ['-e', script, toFile('track-user'), JSON.stringify(attributes), 'track-user.cjs', ...AWS_FILES];
  const ssm = await startFailingSsm('AccessDeniedException');
  const { stderr } = await promisify(execFile)(process.execPath, args, {
    env: { ...stageWithoutParameters, AWS_ENDPOINT_URL_SSM: ssm.url },
  });
  await ssm.close();
  const { BRAZE_INVALID_FIELDS, ...cost } = JSON.parse(stderr.split('\n').at(-1) ?? '');
  expect(BRAZE_INVALID_FIELDS).toBe('');
  return cost;
};

test('an answer in English or in ISO notation loads no file of other languages', async () => {
  const dates = ['1985-12-25', 'Wednesday, December 25th, 1985 10:30 PM', '12/25/1985', '25 Dec 1985.'];
  for (const dob of dates) expect(await measureCost({ dob })).toEqual({ files: [], asked: [] });
  const codes = { country: 'DE', language: 'fr-CA', gender: 'prefer not to say', vip: { $boolean: 'Yes, please' } };
  expect(await measureCost({ ...codes, score: { $number: '12.50' } })).toEqual({ files: [], asked: [] });
  expect(await measureCost({ country: 'Germany', language: 'French' })).toEqual({ files: [], asked: ['en'] });
});

test('an answer in another language loads what it needs, beginning with the language of the browser', async () => {
  expect(await measureCost({ country: 'Allemagne' })).toEqual({ files: [], asked: ['en', 'fr-FR'] });
  expect(await measureCost({ gender: 'homme' })).toEqual({ files: ['other-words.cjs'], asked: [] });
  expect(await measureCost({ time_zone: 'Eastern Time (US & Canada)' })).toMatchObject({
    files: ['time-zone-names.cjs'],
  });
});

test('a bundle queues what it cannot deliver, without reading a file of credentials or settings', async () => {
  const stage = await startLocalStage();
  stage.braze.fault('503');
  const script = `
    const fs = require('node:fs');
    const paths = [];
    for (const [on, name] of [[fs, 'readFile'], [fs, 'readFileSync'], [fs.promises, 'readFile']]) {
      const read = on[name];
      on[name] = (path, ...rest) => (paths.push(String(path)), read(path, ...rest));
    }
    const { handler } = require(process.argv[1]);
    handler({ payload: { external_id: 'ann', attributes: { first_name: 'Ann' } } }, {}).then(({ outcome }) => {
      process.stderr.write(JSON.stringify({ outcome, paths: paths.filter((path) => path.includes('.aws')) }));
    });`;
  const env = { ...stageWithoutParameters, ...stage.variables, HOME: folder };
  const { stderr } = await promisify(execFile)(process.execPath, ['-e', script, toFile('track-user')], { env });
  expect(JSON.parse(stderr.split('\n').at(-1) ?? '')).toEqual({ outcome: 'queued', paths: [] });
  expect(stage.undelivered.messages).toHaveLength(1);
  await stage.close();
});

test('redeliver sends a message without the files that only parsing needs, which its zip does not have', async () => {
  const stage = await startLocalStage();
  const zip = await mkdtemp(join(tmpdir(), 'redeliver-'));
  for (const name of ['redeliver.cjs', 'sqs-client.cjs', ...AWS_FILES])
    await copyFile(join(folder, name), join(zip, name));
  const script = `
    const { handler } = require(process.argv[1]);
    handler(JSON.parse(process.argv[2]), {}).then((answer) => process.stderr.write(JSON.stringify(answer)));`;
  const args = ['-e', script, join(zip, 'redeliver.cjs'), await readFile('events/redeliver.json', 'utf8')];
  const env = { ...stageWithoutParameters, ...stage.variables };
  const { stderr } = await promisify(execFile)(process.execPath, args, { env });
  expect(JSON.parse(stderr)).toEqual({ batchItemFailures: [] });
  expect(stage.braze.requests).toMatchObject([{ path: '/users/track', status: 201 }]);
  await rm(zip, { recursive: true });
  await stage.close();
});

test.each<[[string, ...string[]], number]>([
  [['AccessDeniedException'], 1],
  [['ThrottlingException', 'AccessDeniedException'], 2],
  [['InternalServerError', 'AccessDeniedException'], 2],
])('a bundle knows the errors of AWS by their names: after %j it has asked %d times', async (names, reads) => {
  const ssm = await startFailingSsm(...names);
  const script = `
    const { handler } = require(process.argv[1]);
    handler({ payload: { external_id: 'ann', attributes: { first_name: 'Ann' } } }, {}).then((answer) => {
      process.stderr.write('\\n' + JSON.stringify(answer));
    });`;
  const env = { ...stageWithoutParameters, AWS_ENDPOINT_URL_SSM: ssm.url };
  const { stderr } = await promisify(execFile)(process.execPath, ['-e', script, toFile('track-user')], { env });
  await ssm.close();
  expect(JSON.parse(stderr.split('\n').at(-1) ?? '')).toMatchObject({
    outcome: 'misconfigured',
    detail: expect.stringContaining('The parameters under /a-brand/sandbox cannot be read: AccessDeniedException.'),
  });
  expect(ssm.reads()).toBe(reads);
});
