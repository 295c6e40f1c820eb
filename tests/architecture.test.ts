import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** From the top down; a file imports from its own layer and from those below it (docs/architecture.md). */
const LAYERS = [
  ['handlers/'],
  ['lib/node/'],
  ['lib/entry/'],
  ['lib/delivery/'],
  ['lib/runtime.ts'],
  ['lib/config/'],
  ['lib/braze/'],
  ['lib/payload/'],
  [
    'lib/answer.ts',
    'lib/bounded-map.ts',
    'lib/circuit-breaker.ts',
    'lib/deadline.ts',
    'lib/errors.ts',
    'lib/http.ts',
    'lib/json.ts',
    'lib/clock.ts',
  ],
];
const findLayer = (file: string): number => LAYERS.findIndex((layer) => layer.some((start) => file.startsWith(start)));

const files = globSync('{handlers,lib}/**/*.{ts,cjs}')
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !file.endsWith('.d.cts'));

const listImports = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|require\() ?'(\.[^']+)'/g)].map(([, path = '']) =>
    posix.join(posix.dirname(file), path),
  );

test('every file of the deployed code has its layer', () => {
  expect(files.length).toBeGreaterThan(70);
  expect(files.filter((file) => findLayer(file) < 0)).toEqual([]);
});

test('no import points upwards, or to a file that is not deployed', () => {
  const wrong = files.flatMap((file) =>
    listImports(file)
      .filter((imported) => findLayer(imported) < findLayer(file))
      .map((imported) => `${file} imports ${imported}`),
  );
  expect(wrong).toEqual([]);
});

test('pure modules import nothing that does I/O', () => {
  const pure = files.filter((file) => /^lib\/(?:payload\/|braze\/(?!client))/.test(file));
  const wrong = pure.flatMap((file) =>
    [
      ...readFileSync(file, 'utf8').matchAll(
        /^import (?!type)[^;]*? from '(node:[^']+|[^']*\/(?:http|aws|client|env|parameters|runtime)\.ts)'/gms,
      ),
    ].map(([, imported]) => `${file} imports ${imported}`),
  );
  expect(wrong).toEqual([]);
});

test('the table of results in docs/architecture.md has every kind of each type, and no other word', () => {
  const page = readFileSync('docs/architecture.md', 'utf8');
  const rows = [...page.matchAll(/^\|(.+)\|$/gm)].map(([, row = '']) => row.split('|').map((cell) => cell.trim()));
  const header = rows.findIndex(([first]) => first === 'what happened');
  const table = rows.slice(header + 2).filter(({ length }) => length === 6);
  const listWords = (column: number) =>
    [...new Set(table.flatMap((cells) => cells[column]?.match(/(?<=`)\w+(?=`)/g) ?? []))].sort();
  const listKinds = (file: string, type: string) => {
    const [, declaration = ''] =
      new RegExp(`export type ${type} =(.+?)\\n\\n`, 's').exec(readFileSync(file, 'utf8')) ?? [];
    return [...declaration.matchAll(/kind: '(\w+)'/g)].map(([, kind]) => kind).sort();
  };
  expect(listWords(1)).toEqual(listKinds('lib/http.ts', 'HttpResult'));
  expect(listWords(2)).toEqual(listKinds('lib/braze/response.ts', 'BrazeResponse'));
  expect(listWords(3)).toEqual(listKinds('lib/delivery/send-or-queue.ts', 'DeliveryResult'));
});
