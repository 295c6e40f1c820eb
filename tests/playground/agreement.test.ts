import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type LocalStage, startLocalStage } from '../../emulators/local-stage.ts';
import { readSettings } from '../../lib/config/env.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import type { ExtraOutcomes, NodeDefinition } from '../../lib/node/definition.ts';
import { createRuntime } from '../../lib/runtime.ts';
import type { ObservableCall, Observed } from '../../playground/simulation.ts';
import { readNodes, toDefinitionName } from '../../tools/nodes.ts';
import { anyPayload } from '../support/any-payload.ts';
import { describeInBrowser, type Playground, startPlayground } from '../support/playground.ts';

const EVENTS = join(__dirname, '../../events');
const PAYLOADS_PER_NODE = 150;

const sampleEvents = (names: readonly string[]): readonly ObservableCall[] =>
  readdirSync(EVENTS).flatMap((file) => {
    const node = file.replace('.json', '');
    if (!names.includes(node)) return [];
    const { payload, context } = JSON.parse(readFileSync(join(EVENTS, file), 'utf8'));
    return [{ node, payload, user_data: context?.user_data ?? {} }];
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

describeInBrowser('the playground and the deployed functions', () => {
  beforeAll(async () => {
    [stage, playground] = await Promise.all([startLocalStage(), startPlayground()]);
  });
  afterAll(() => Promise.all([stage.close(), playground.close()]));

  test('send the same requests and give the same answers', async () => {
    const names = (await readNodes()).nodes.map(({ name }) => name);
    const random = fc.sample(anyPayload, { numRuns: PAYLOADS_PER_NODE, seed: 20_261_125 });
    const cases: readonly ObservableCall[] = [
      ...sampleEvents(names),
      ...names.flatMap((node) =>
        random.map(
          (payload): ObservableCall => ({ node, payload: JSON.parse(JSON.stringify(payload)), user_data: {} }),
        ),
      ),
    ];

    const deployed: Observed[] = [];
    const settings = readSettings({ ...stage.variables });
    for (const { node, payload, user_data } of cases) {
      const definition: NodeDefinition<unknown, ExtraOutcomes> = (await import(`../../handlers/${node}.ts`))[
        toDefinitionName(node)
      ];
      stage.braze.reset();
      const handler = createHandler(definition, createRuntime(settings, { write: () => {} }));
      const answer = await handler({ payload, context: { env: 'sandbox', user_data } });
      deployed.push({
        answer,
        requests: stage.braze.requests.map(({ method, path, query, json }) => ({ method, path, query, json })),
      });
    }

    const { page } = await playground.open();
    const shown: unknown = await page.evaluate(`observeCalls(JSON.parse(${JSON.stringify(JSON.stringify(cases))}))`);
    expect(withoutNow(shown)).toEqual(withoutNow(deployed));
    expect(cases.length).toBeGreaterThan(PAYLOADS_PER_NODE * names.length);
  });
});
