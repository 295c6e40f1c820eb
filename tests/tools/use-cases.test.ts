import { readFileSync } from 'node:fs';
import { SUCCESS_BY_OUTCOME } from '../../lib/answer.ts';
import type { Conversation } from '../../tools/demo/conversation.ts';
import { runUseCase, USE_CASES, type UseCaseName } from '../../tools/demo/use-cases.ts';
import { readNodes } from '../../tools/nodes.ts';

const guide = readFileSync('docs/use-cases.md', 'utf8');
const names = Object.keys(USE_CASES) as readonly UseCaseName[];

/** The section of the guide in which a use case is run, and the Parameter Inputs in it. */
const readGuide = (name: string): readonly unknown[] => {
  const section = guide.split(/^## /m).find((text) => text.includes(`--use-case ${name}`)) ?? '';
  return [...section.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => JSON.parse(json));
};

describe.each(names)('the use case %s', (name) => {
  let chat: Conversation;
  let output = '';
  beforeAll(async () => {
    chat = await runUseCase(name, (line) => {
      output += `${line}\n`;
    });
  });

  test('does what it promises, and shows it', () => {
    expect({ holds: chat.holds, output }).toEqual({ holds: true, output: expect.stringContaining('✓') });
    expect(output).not.toContain('✗');
  });

  test('has the Parameter Inputs of the guide', () => {
    // A node that the flow reaches twice stands once in the guide.
    expect([...new Set(chat.actions)].map(({ input }) => input)).toEqual(readGuide(name));
  });

  test('has a route for whatever a node may answer', async () => {
    const { nodes } = await readNodes();
    for (const { input, decision, whatNext } of chat.actions) {
      const all = { ...SUCCESS_BY_OUTCOME, ...nodes.find((node) => node.name === input.node)?.outcomes };
      const words = decision === 'outcome' ? Object.keys(all) : [...new Set(Object.values(all))];
      expect([input.node, Object.keys(whatNext).sort()]).toEqual([input.node, words.sort()]);
    }
  });
});
