import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/*
 * AWS documents 40 reads a second, and of the bucket's size nothing; here it holds two seconds' worth. So at most 340 of
 * 500 environments that begin within a second can read before the last of them must give up, 5.5 s after it began. With
 * a bucket of 40 it is 300, and still most where the machine has nothing else to do: docs/scale.md has the figures.
 */
const STORM = ['--environments', '500', '--rate', '40', '--burst', '80'];

test('of 500 environments that start at once, most send, and the rest queue, inside their budget', async () => {
  // In a process of its own, without Jest's: what 500 Lambda environments do, one processor does here.
  const storm = spawn(process.execPath, ['--import', 'tsx', 'scripts/storm.ts', ...STORM]);
  const [output, errors] = await Promise.all([text(storm.stdout), text(storm.stderr)]);
  expect(errors).toBe('');
  const [names = [], values = []] = output
    .trim()
    .split('\n')
    .map((line) =>
      line
        .replaceAll(' %', '')
        .trim()
        .split(/\s{2,}/),
    );
  const { sent, other, late } = Object.fromEntries(names.map((name, column) => [name, Number(values[column])]));
  expect({ other, late }).toEqual({ other: 0, late: 0 });
  expect(sent).toBeGreaterThan(50);
}, 20_000);
