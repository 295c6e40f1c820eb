import { readFileSync } from 'node:fs';
import { readSettings } from '../../lib/config/env.ts';
import { createHandler } from '../../lib/node/create-handler.ts';
import { createRuntime } from '../../lib/runtime.ts';
import { startDemoStage } from '../../tools/demo/stage.ts';
import { type Node, readNodes, toDefinitionName } from '../../tools/nodes.ts';

/** What the demo's emulators make a node answer to an event, and the people whom Braze then holds. */
const run = async (definition: Node, event: { readonly payload: { readonly [key: string]: string } }) => {
  const { [toDefinitionName(definition.name)]: node } = await import(`../../handlers/${definition.name}.ts`);
  const stage = await startDemoStage(definition, event.payload);
  try {
    const runtime = createRuntime(readSettings(stage.variables), { write: () => {} });
    const answer: unknown = await createHandler(node, runtime)(event);
    return { answer, profiles: stage.braze.profiles };
  } finally {
    await stage.close();
  }
};

const findNode = async (name: string): Promise<Node> => {
  const node = (await readNodes()).nodes.find((one) => one.name === name);
  if (node === undefined) throw new Error(`There is no node ${name}.`);
  return node;
};

const readEvent = (name: string) => JSON.parse(readFileSync(`events/${name}.json`, 'utf8'));

/** Nodes with outcomes of their own; all others answer `sent`. */
const LOOK_UPS: { readonly [name: string]: string } = {
  'get-catalog-item': 'found',
  'get-preference-center': 'found',
  'get-profile': 'found',
  'get-subscription': 'subscribed',
};

test('the sample event of every node is answered well', async () => {
  const { nodes } = await readNodes();
  expect(Object.keys(LOOK_UPS).filter((name) => !nodes.some((node) => node.name === name))).toEqual([]);
  for (const node of nodes) {
    const { answer } = await run(node, readEvent(node.name));
    expect([node.name, answer]).toEqual([
      node.name,
      expect.objectContaining({ success: 'true', outcome: LOOK_UPS[node.name] ?? 'sent' }),
    ]);
  }
});

test.each(['merge-user', 'identify-user'])(
  '%s leaves one profile, with the external id and the alias',
  async (name) => {
    const { profiles } = await run(await findNode(name), readEvent(name));
    expect(profiles).toMatchObject([
      {
        external_id: 'customer-20417',
        user_aliases: [{ alias_name: 'chat-5531', alias_label: 'pypestream' }],
        attributes: { first_name: 'Ada' },
      },
    ]);
  },
);

test.each([
  ['get-subscription', { external_id: 'customer-20417', subscription_group_id: 'the newsletter' }],
  ['get-profile', { external_id: 'x'.repeat(988) }],
  ['merge-user', { user_alias: 'chat-5531' }],
])('%s finds nobody where Braze could have no such person (%#)', async (name, payload) => {
  const stage = await startDemoStage(await findNode(name), payload);
  const { profiles } = stage.braze;
  await stage.close();
  expect(profiles).toEqual([]);
});
