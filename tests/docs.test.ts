import { existsSync, globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

const pages = globSync('{*.md,docs/**/*.md}').map((path) => path.replaceAll('\\', '/'));
const read = (page: string): string => readFileSync(page, 'utf8');

/** As GitHub makes them of headings. */
const findAnchors = (page: string): readonly string[] =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );

test('every link to a page or heading of this repository has a target', () => {
  const links = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].map(([, path = '', anchor]) => ({
      page,
      target: path === '' ? page : posix.join(posix.dirname(page), path),
      anchor,
    })),
  );
  expect(links.length).toBeGreaterThan(30);
  const broken = links.filter(
    ({ target, anchor }) =>
      !existsSync(target) || (anchor !== undefined && target.endsWith('.md') && !findAnchors(target).includes(anchor)),
  );
  expect(broken).toEqual([]);
});

test('README has at most 150 lines, and each set-up command on a line of its own', () => {
  const lines = read('README.md').split('\n');
  expect(lines.length).toBeLessThanOrEqual(150);
  expect(lines).toEqual(expect.arrayContaining(['npm ci && npm run demo', 'npm ci && npm test']));
});

test('README shows track-event as it is, without its example', () => {
  const [, block = ''] = /```ts\n(\/\/ handlers\/track-event\.ts\n.*?)```/s.exec(read('README.md')) ?? [];
  const source = read('handlers/track-event.ts');
  const definition = source
    .slice(source.indexOf('export const trackEvent'))
    .replace(/ {2}example: \{.*?\n {2}\},\n/s, '');
  expect(block).toBe(`// handlers/track-event.ts\n${definition}`);
});
