import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { type LocalStage, startLocalStage } from '../../emulators/local-stage.ts';
import { readSettings } from '../../lib/config/env.ts';
import { isJsonObject, type Json } from '../../lib/json.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import type { ExtraOutcomes, NodeDefinition } from '../../lib/node/definition.ts';
import { STANDARD } from '../../lib/payload/attributes.ts';
import { createRuntime, type Runtime } from '../../lib/runtime.ts';
import type { ObservableCall, Observed } from '../../playground/simulation.ts';
import { readNodes, toDefinitionName } from '../../tools/nodes.ts';
import { anyPayload } from '../support/any-payload.ts';
import { readPayloadLiterals } from '../support/payload-literals.ts';
import { describeInBrowser, type Playground, startPlayground } from '../support/playground.ts';

const EVENTS = join(__dirname, '../../events');
const PAYLOADS_PER_NODE = 50;
const CALLS_PER_PART = 500;
/** Of 8,171 when this was written; a table of the payload tests that is no longer read would lower it. */
const MIN_CALLS = 7_500;

/** Node.js knows this name of a language, and Chromium, whose data are reduced, does not. */
const NOT_IN_EVERY_ICU = 'Kongo';

type Circumstances = Omit<ObservableCall, 'node' | 'payload'>;

const NOTHING_SET: Circumstances = { user_data: {}, country: '', dateOrder: '' };
/** A date, a phone number or a word may be read differently in each. */
const CIRCUMSTANCES: readonly Circumstances[] = [
  NOTHING_SET,
  { user_data: { browser_language: 'fr-FR' }, country: 'DE', dateOrder: 'DMY' },
  { user_data: { browser_language: 'en-US' }, country: 'US', dateOrder: 'MDY' },
];

const sampleEvents = (names: readonly string[]): readonly ObservableCall[] =>
  readdirSync(EVENTS).flatMap((file) => {
    const node = file.replace('.json', '');
    if (!names.includes(node)) return [];
    const { payload, context } = JSON.parse(readFileSync(join(EVENTS, file), 'utf8'));
    return [{ ...NOTHING_SET, node, payload, user_data: context?.user_data ?? {} }];
  });

/** A value in every place that has rules of its own. */
const everywhere = (value: Json) => ({
  external_id: 'u',
  attributes: {
    ...Object.fromEntries(Object.keys(STANDARD).map((name) => [name, value])),
    custom: value,
    ...Object.fromEntries(
      ['$boolean', '$integer', '$number', '$time', '$list'].map((type) => [`custom ${type}`, { [type]: value }]),
    ),
  },
  events: [
    { name: value, time: value, properties: value },
    { name: 'asked', properties: { answer: value } },
  ],
  purchase: { product_id: 'p', currency: 'EUR', price: value, quantity: value, time: value, properties: { value } },
  session: value,
});

const literalCalls = (): readonly ObservableCall[] =>
  readPayloadLiterals()
    .filter((literal) => literal !== NOT_IN_EVERY_ICU)
    .flatMap((literal, index) => {
      const circumstances = CIRCUMSTANCES[index % CIRCUMSTANCES.length] ?? NOTHING_SET;
      const isReadDifferently = typeof literal === 'string' && /\d/.test(literal);
      return [
        ...(isReadDifferently ? CIRCUMSTANCES : [circumstances]).map((given) => ({
          payload: everywhere(literal),
          ...given,
        })),
        ...(isJsonObject(literal) ? [{ payload: literal, ...circumstances }] : []),
      ].map((call) => ({ node: 'track-user', ...call }));
    });

/** Times of the call differ by however long the two runs are apart. */
const withoutNow = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value).replace(/"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/g, (text, time: string) =>
      Math.abs(Date.parse(time) - Date.now()) < 600_000 ? '"now"' : text,
    ),
  );

let stage: LocalStage;
let playground: Playground;

/**
 * The answers and requests on the page. In parts, because reading all at once would stop this process for so long that
 * the emulated Braze closes the connection of the functions.
 */
const observeShown = async (page: Page, calls: readonly ObservableCall[]): Promise<readonly Observed[]> => {
  const observed: Observed[] = [];
  for (let start = 0; start < calls.length; start += CALLS_PER_PART) {
    const part = JSON.stringify(JSON.stringify(calls.slice(start, start + CALLS_PER_PART)));
    const text: string = await page.evaluate(`observeCalls(JSON.parse(${part})).then(JSON.stringify)`);
    observed.push(...JSON.parse(text));
  }
  return observed;
};

/** The answers and requests of the functions as they are deployed, in an execution environment for each country. */
const observeDeployed = async (calls: readonly ObservableCall[]): Promise<readonly Observed[]> => {
  const observed: Observed[] = [];
  const runtimes = new Map<string, Runtime>();
  // A busy machine must not become an answer: where nothing waits in vain, more time changes nothing.
  const variables = { ...stage.variables, TIME_BUDGET_MS: '600000' };
  for (const { node, payload, user_data, country, dateOrder } of calls) {
    const settings = readSettings({ ...variables, DEFAULT_COUNTRY: country, DATE_ORDER: dateOrder });
    const runtime = runtimes.get(country) ?? createRuntime(settings, { write: () => {} });
    runtimes.set(country, runtime);
    const definition: NodeDefinition<unknown, ExtraOutcomes> = (await import(`../../handlers/${node}.ts`))[
      toDefinitionName(node)
    ];
    stage.braze.reset();
    const handler = createHandler(definition, runtime);
    const answer = await handler({ payload, context: { env: 'sandbox', user_data } });
    const requests = stage.braze.requests.map(({ method, path, query, json }) => ({ method, path, query, json }));
    observed.push({ answer, requests });
  }
  return observed;
};

describeInBrowser('the playground and the deployed functions', () => {
  beforeAll(async () => {
    [stage, playground] = await Promise.all([startLocalStage(), startPlayground()]);
  });
  afterAll(() => Promise.all([stage.close(), playground.close()]));

  test('send the same requests and give the same answers', async () => {
    const names = (await readNodes()).nodes.map(({ name }) => name);
    const random = fc.sample(anyPayload, { numRuns: PAYLOADS_PER_NODE, seed: 20_261_125 });
    const calls: readonly ObservableCall[] = [
      ...sampleEvents(names),
      ...literalCalls(),
      ...names.flatMap((node) =>
        random.map((payload) => ({ ...NOTHING_SET, node, payload: JSON.parse(JSON.stringify(payload)) })),
      ),
    ];
    expect(calls.length).toBeGreaterThan(MIN_CALLS);

    const { page } = await playground.open();
    const [shown, deployed] = await Promise.all([observeShown(page, calls), observeDeployed(calls)]);
    expect(withoutNow(shown)).toEqual(withoutNow(deployed));
  });
});
