import { runColdStarts } from '../bench/storm.ts';
import { useVirtualTime } from './support/virtual-time.ts';

useVirtualTime({ stepMs: 20 });

/*
 * A fifth of the storm of docs/scale.md, which one busy processor can still run: 100 environments for 8 reads a second.
 * The bucket holds one second's worth, so at most 60 of them can read before the last must give up, 5.5 s after it began.
 */
const STORM = { environments: 500, rate: 40, burst: 40, spreadMs: 1_000 };

test('of 500 environments that start at once, most send and the rest queue within their time budget', async () => {
  const { outcomes, late } = await runColdStarts(STORM);
  const { sent = 0, queued = 0, ...others } = Object.fromEntries(outcomes);
  expect({ late, others }).toEqual({ late: 0, others: {} });
  expect(sent).toBeGreaterThan(250);
  expect(sent + queued).toBe(500);
});
