import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../emulators/json.ts';

/** A line of a flow's table in docs/use-cases.md. */
export interface Step {
  readonly kind: string;
  /** What the bot says; empty for an action node and a decision. */
  readonly text: string;
  /** Where the answer to a question is kept, or what a decision looks at. */
  readonly variable: string;
  /** The Parameter Input of an action node. */
  readonly input: JsonObject;
  /** The number of the next step, or `end`, by value; `else` is the route of all other values. */
  readonly routes: { readonly [value: string]: string };
}

const GUIDE = join(import.meta.dirname, '../../docs/use-cases.md');
const ROW = /^\| (\d+) \| (question|text|decision|BrazeNode) \| (.+) \| (.+) \|$/gm;

const parseRoutes = (cell: string): Step['routes'] =>
  Object.fromEntries(
    cell.split('; ').flatMap((route) => {
      const [next = '', values = 'else'] = route.split(': ').toReversed();
      return values.split(', ').map((value) => [value.replaceAll('`', ''), next]);
    }),
  );

/** The steps of the use case's flow by their numbers, as the guide has them. */
export const readFlow = (useCase: string): ReadonlyMap<string, Step> => {
  const sections = readFileSync(GUIDE, 'utf8').split(/^## /m);
  const section = sections.find((text) => text.includes(`--use-case ${useCase}\n`)) ?? '';
  const inputs = [...section.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']): JsonObject => JSON.parse(json));
  return new Map(
    [...section.matchAll(ROW)].map(([, step = '', kind = '', content = '', next = '']) => [
      step,
      {
        kind,
        text: /“(.*)”/.exec(content)?.[1] ?? '',
        variable: /`([A-Z_]+)`$/.exec(content)?.[1] ?? '',
        input: (kind === 'BrazeNode' && inputs.shift()) || {},
        routes: parseRoutes(next),
      },
    ]),
  );
};
