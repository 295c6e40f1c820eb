import { parseArgs } from 'node:util';
import { regionOf } from '../aws.ts';
import { cancelled, exitCodeOf, misused, Stop, type Streams } from '../cli.ts';
import { COMMON, scopeOf } from '../command-line.ts';
import { Terminal } from '../terminal.ts';
import { descriptionOf, type Letter, mayBeDoubled, obstacleOf, summaryOf } from './dead-letter.ts';
import { DeadLetterQueue, findQueue } from './queue.ts';

const USAGE = `Looks after the requests that wait for an operator.

  npm run dead-letters -- --stage sandbox list      how many, by reason and node, and the age of the oldest
  npm run dead-letters -- --stage sandbox show      each by itself; what it says only with --show-data
  npm run dead-letters -- --stage sandbox redrive   sends them again, through the undelivered queue
  npm run dead-letters -- --stage sandbox discard   deletes them for good

  --stage sandbox|prod   which stage
  --reason REASON        only these: misconfigured, rejected, in_doubt, unreadable, busy, unclear (may be repeated)
  --id ID                only this message (may be repeated)
  --show-data            with show: also what the requests say about people
  --yes                  with redrive: without asking
  --region REGION        default: AWS_REGION, else the region of the AWS profile
  --queue-url URL        the dead-letter queue, default: DEAD_LETTER_QUEUE_URL, else that of the stage's stack
  --undelivered-queue-url URL   likewise, default: UNDELIVERED_QUEUE_URL

Ctrl-C stops after the message at hand. What was not handled is visible again when the command ends.`;

const OPTIONS = {
  ...COMMON,
  reason: { type: 'string', multiple: true },
  id: { type: 'string', multiple: true },
  'show-data': { type: 'boolean', default: false },
  yes: { type: 'boolean', short: 'y', default: false },
  'queue-url': { type: 'string' },
  'undelivered-queue-url': { type: 'string' },
} as const;

const ACTIONS = ['list', 'show', 'redrive', 'discard'] as const;

const understood = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch {
    throw misused('The command line is not understood.', USAGE);
  }
};

interface Run {
  readonly stage: string;
  readonly letters: readonly Letter[];
  readonly queue: DeadLetterQueue;
  readonly streams: Streams;
  readonly say: (line: string) => void;
  readonly interruption: AbortSignal;
}

const counted = (count: number): string => (count === 1 ? '1 message' : `${count} messages`);

/** Ctrl-C at the question ends the command, too. */
const ask = async ({ streams }: Run, question: string): Promise<string> => {
  const terminal = new Terminal(streams.stdin, streams.stderr);
  try {
    const answer = await terminal.ask(`${question} `, false);
    terminal.done();
    return answer.trim();
  } finally {
    terminal.close();
  }
};

/** Handles one message after the other, and says how far it came, however it ends. */
const each = async (
  { streams, say, interruption }: Run,
  letters: readonly Letter[],
  done: string,
  handle: (letter: Letter) => Promise<void>,
): Promise<void> => {
  let handled = 0;
  try {
    for (const letter of letters) {
      if (interruption.aborted) throw cancelled();
      await handle(letter);
      handled += 1;
      streams.stderr.write(`\r${handled} of ${letters.length}`);
    }
  } finally {
    streams.stderr.write('\n');
    say(`${done} ${handled} of ${counted(letters.length)}.`);
  }
};

const redrive = async (run: Run, to: string, yes: boolean): Promise<void> => {
  const { stage, letters, say } = run;
  for (const letter of letters) {
    const obstacle = obstacleOf(letter, stage);
    if (obstacle !== undefined) say(`Left where it is: ${letter.id} ${obstacle}.`);
  }
  const able = letters.filter((letter) => obstacleOf(letter, stage) === undefined);
  if (able.length === 0) return say('There is nothing to send again.');
  const doubled = able.filter(mayBeDoubled);
  if (doubled.length > 0) {
    say(`Braze may have ${doubled.length} of them already; sent again, they may be doubled:`);
    for (const { id } of doubled) say(`  ${id}`);
  }
  const question = `Send ${counted(able.length)} again? [y/N]`;
  if (!yes && !/^y(?:es)?$/i.test(await ask(run, question))) throw new Stop('Nothing was sent.');
  await each(run, able, 'Sent again:', (letter) => run.queue.move(letter, to));
};

const discard = async (run: Run): Promise<void> => {
  const { letters, say } = run;
  if (letters.length === 0) return say('There is nothing to discard.');
  for (const line of summaryOf(letters, Date.now())) say(line);
  const typed = await ask(run, `What they say is lost then. Type how many to discard (${letters.length}):`);
  if (typed !== String(letters.length)) throw new Stop('Nothing was discarded.');
  await each(run, letters, 'Discarded:', (letter) => run.queue.delete(letter));
};

/** Runs the command; returns the exit code. `interruption` is Ctrl-C while no question is open. */
export const deadLetters = (argv: readonly string[], streams: Streams, interruption: AbortSignal): Promise<number> =>
  exitCodeOf(streams, async () => {
    const { values, positionals } = understood(argv);
    const { stage, region: saidRegion } = scopeOf(values, USAGE);
    const action = ACTIONS.find((name) => name === positionals[0]);
    if (action === undefined || positionals.length > 1) throw misused(`Say one of: ${ACTIONS.join(', ')}.`, USAGE);
    if (values['show-data'] && action !== 'show') throw misused('--show-data belongs to show.', USAGE);
    if (values.yes && action !== 'redrive') throw misused('--yes belongs to redrive.', USAGE);

    const region = await regionOf(saidRegion);
    const { DEAD_LETTER_QUEUE_URL, UNDELIVERED_QUEUE_URL } = process.env;
    const url = values['queue-url'] || DEAD_LETTER_QUEUE_URL || (await findQueue('DeadLetterQueueUrl', stage, region));
    const undelivered = () =>
      values['undelivered-queue-url'] || UNDELIVERED_QUEUE_URL || findQueue('UndeliveredQueueUrl', stage, region);
    const to = action === 'redrive' ? await undelivered() : '';

    const say = (line: string): void => void streams.stdout.write(`${line}\n`);
    const queue = new DeadLetterQueue(url, region);
    try {
      const all = await queue.receiveAll(interruption);
      if (interruption.aborted) throw cancelled();
      const { reason: reasons = [], id: ids = [] } = values;
      const letters = all.filter(
        ({ id, reason }) =>
          (reasons.length === 0 || reasons.includes(reason)) && (ids.length === 0 || ids.includes(id)),
      );
      say(`Stage ${stage}: ${counted(letters.length)}${letters.length < all.length ? ` of ${all.length}` : ''}.`);
      const run = { stage, letters, queue, streams, say, interruption };
      if (action === 'list' && letters.length > 0) for (const line of summaryOf(letters, Date.now())) say(line);
      if (action === 'show') {
        for (const letter of letters) for (const line of descriptionOf(letter, stage, values['show-data'])) say(line);
      }
      if (action === 'redrive') await redrive(run, to, values.yes);
      if (action === 'discard') await discard(run);
      return 0;
    } finally {
      const failed = await queue.giveBack();
      if (failed !== undefined) streams.stderr.write(`${failed}\n`);
    }
  });
