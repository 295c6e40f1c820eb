import { SUCCESS_BY_OUTCOME } from '../../lib/answer.ts';
import { readFlow } from '../../tools/demo/flow.ts';
import { runUseCase, USE_CASES, type UseCaseName } from '../../tools/demo/use-cases.ts';
import { readNodes } from '../../tools/nodes.ts';

const names = Object.keys(USE_CASES) as readonly UseCaseName[];

describe.each(names)('the use case %s', (name) => {
  test('does what it promises, and shows it', async () => {
    const lines: string[] = [];
    const { holds } = await runUseCase(name, (line) => void lines.push(line));
    const output = lines.join('\n');
    expect({ holds, output }).toEqual({ holds: true, output: expect.stringContaining('✓') });
    expect(output).not.toContain('✗');
  });

  test('has steps that each lead to another one or to the end, and say what they need', () => {
    const flow = readFlow(name);
    expect(flow.size).toBeGreaterThan(5);
    for (const [number, { kind, text, variable, input, routes }] of flow) {
      expect([...flow.keys(), 'end']).toEqual(expect.arrayContaining(Object.values(routes)));
      expect({ number, text: text !== '', variable: variable !== '', input: 'node' in input }).toEqual({
        number,
        text: kind === 'text' || kind === 'question',
        variable: kind === 'question' || kind === 'decision' || variable !== '',
        input: kind === 'BrazeNode',
      });
    }
  });

  test('branches on words that the node may answer, and has a route for all others', async () => {
    const { nodes } = await readNodes();
    for (const { input, routes } of readFlow(name).values()) {
      if (input.node === undefined) continue;
      const all = { ...SUCCESS_BY_OUTCOME, ...nodes.find((node) => node.name === input.node)?.outcomes };
      const words = [...Object.keys(all), ...Object.values(all), 'else'];
      expect(words).toEqual(expect.arrayContaining(Object.keys(routes)));
      expect(routes).toHaveProperty('else');
    }
  });
});

test('an action node of a flow has the Parameter Input of that node below the table', () => {
  const nodesOf = (name: string) =>
    [...readFlow(name).values()].flatMap(({ input }) => (input.node === undefined ? [] : [input.node]));
  expect(names.map(nodesOf)).toEqual([
    ['track-user', 'trigger-canvas', 'track-event'],
    ['get-profile', 'track-user'],
    ['get-profile', 'get-catalog-item', 'track-event', 'get-subscription', 'set-subscription'],
  ]);
});
