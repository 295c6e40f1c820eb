import { setTimeout as delay } from 'node:timers/promises';
import { withoutConsent } from '../../lib/delivery/consent.ts';
import { CliError, cancelled, defineCommand } from '../cli.ts';
import { type Prompter, promptLine, promptTerminal } from '../prompts.ts';
import { readScope, SCOPE_OPTIONS, SCOPE_USAGE } from '../scope.ts';
import type { Stage } from '../service.ts';
import { type DeadLetter, describeDeadLetter, findRedriveProblem, mayBeDuplicate, summarize } from './dead-letter.ts';
import { DeadLetterQueue, findQueueUrl } from './queue.ts';

const USAGE = `Handles the requests that wait for an operator in the dead-letter queue.

  npm run dead-letters -- --stage sandbox list      how many, by reason and node, and the age of the oldest
  npm run dead-letters -- --stage sandbox show      each message; its values only with --show-data
  npm run dead-letters -- --stage sandbox redrive   moves them to the undelivered queue, which delivers them
  npm run dead-letters -- --stage sandbox discard   deletes them for good

${SCOPE_USAGE}
  --reason REASON        only these: misconfigured, rejected, in_doubt, stale, expired, unreadable, busy, unknown
                         (may be repeated)
  --id ID                only this message (may be repeated)
  --show-data            with show: also what the requests say about people
  --without-consent      with redrive: without the permissions in them (opted_in, subscribed), which may be out of
                         date; all else that they say is delivered
  --rate N               with redrive: at most N messages a second
  --yes                  with redrive: without asking
  --queue-url URL        the dead-letter queue; default: DEAD_LETTER_QUEUE_URL, else the one of the stage's stack
  --undelivered-queue-url URL   likewise; default: UNDELIVERED_QUEUE_URL

Ctrl-C stops after the current message. Messages that were not handled are visible again when the command ends.
redrive exits with 1 when it leaves a message where it is.`;

const OPTIONS = {
  ...SCOPE_OPTIONS,
  reason: { type: 'string', multiple: true },
  id: { type: 'string', multiple: true },
  'show-data': { type: 'boolean', default: false },
  rate: { type: 'string' },
  'without-consent': { type: 'boolean', default: false },
  yes: { type: 'boolean', short: 'y', default: false },
  'queue-url': { type: 'string' },
  'undelivered-queue-url': { type: 'string' },
} as const;

const ACTIONS = ['list', 'show', 'redrive', 'discard'] as const;

interface Run {
  readonly stage: Stage;
  readonly letters: readonly DeadLetter[];
  readonly queue: DeadLetterQueue;
  readonly prompter: Prompter;
  readonly print: (line: string) => void;
  readonly printProgress: (text: string) => void;
  readonly interruption: AbortSignal;
}

const countMessages = (count: number): string => (count === 1 ? '1 message' : `${count} messages`);

/** Handles one message after the other, and prints how far it came, however it ends. */
const forEachLetter = async (
  { queue, print, printProgress, interruption }: Run,
  letters: readonly DeadLetter[],
  done: string,
  handle: (letter: DeadLetter) => Promise<void>,
  intervalMs = 0,
): Promise<void> => {
  let handled = 0;
  try {
    for (const letter of letters) {
      if (interruption.aborted) throw cancelled();
      await queue.extendVisibility();
      await handle(letter);
      handled += 1;
      printProgress(`\r${handled} of ${letters.length}`);
      if (intervalMs > 0 && handled < letters.length) {
        // Rejects at Ctrl-C; the next round ends the command.
        await delay(intervalMs, undefined, { signal: interruption }).catch(() => {});
      }
    }
  } finally {
    printProgress('\n');
    print(`${done} ${handled} of ${countMessages(letters.length)}.`);
  }
};

/** The body of a letter as it is redriven, or why it is left where it is. */
type Redriven = { readonly kind: 'ready'; readonly body: string } | { readonly kind: 'left'; readonly problem: string };

const toRedriven = (letter: DeadLetter, stage: Stage, withConsent: boolean): Redriven => {
  const { message, body } = letter;
  const problem = findRedriveProblem(letter, stage);
  if (problem !== undefined || message === undefined) return { kind: 'left', problem: problem ?? 'cannot be read' };
  if (withConsent) return { kind: 'ready', body };
  const rest = withoutConsent(message);
  if (rest === undefined) return { kind: 'left', problem: 'holds nothing but a permission' };
  return { kind: 'ready', body: JSON.stringify(rest) };
};

const redrive = async (run: Run, to: string, withConsent: boolean, intervalMs: number): Promise<number> => {
  const { stage, letters, queue, prompter, print } = run;
  const bodies = new Map<DeadLetter, string>();
  for (const letter of letters) {
    const redriven = toRedriven(letter, stage, withConsent);
    if (redriven.kind === 'ready') bodies.set(letter, redriven.body);
    else print(`Left where it is: ${letter.id} ${redriven.problem}.`);
  }
  const ready = [...bodies.keys()];
  const exitCode = ready.length < letters.length ? 1 : 0;
  if (ready.length === 0) {
    print('There is nothing to redrive.');
    return exitCode;
  }
  const duplicates = ready.filter(mayBeDuplicate);
  if (duplicates.length > 0) {
    print(`Braze may have ${duplicates.length} of them already; redriven, they may be duplicates:`);
    for (const { id } of duplicates) print(`  ${id}`);
  }
  const misconfigured = ready.filter(({ reason }) => reason === 'misconfigured').length;
  if (misconfigured > 0) {
    print(`${countMessages(misconfigured)} will come back unless npm run doctor finds key and parameters in order.`);
  }
  if (!(await prompter.confirm(`Redrive ${countMessages(ready.length)}?`))) throw new CliError('Nothing was redriven.');
  await forEachLetter(run, ready, 'Redriven:', (letter) => queue.move(letter, to, bodies.get(letter)), intervalMs);
  return exitCode;
};

const discard = async (run: Run): Promise<number> => {
  const { letters, print, prompter } = run;
  if (letters.length === 0) {
    print('There is nothing to discard.');
    return 0;
  }
  for (const line of summarize(letters, Date.now())) print(line);
  const typed = await prompter.ask({
    name: 'count',
    message: `Their content will be lost. Type how many to discard (${letters.length}):`,
  });
  if (typed.trim() !== String(letters.length)) throw new CliError('Nothing was discarded.');
  await forEachLetter(run, letters, 'Discarded:', (letter) => run.queue.delete(letter));
  return 0;
};

/** The pause between two messages; undefined if the rate cannot be read. */
const parseInterval = (rate: string | undefined): number | undefined => {
  if (rate === undefined) return 0;
  const perSecond = /^\d{1,4}(?:\.\d{1,3})?$/.test(rate) ? Number(rate) : 0;
  return perSecond === 0 ? undefined : 1_000 / perSecond;
};

/** The options of one action only. */
const OWNED_OPTIONS = [
  ['show-data', 'show'],
  ['yes', 'redrive'],
  ['rate', 'redrive'],
  ['without-consent', 'redrive'],
] as const;

/** Handles the dead letters of a stage. `interruption` is Ctrl-C while no question is open. */
export const deadLetters = defineCommand(
  { usage: USAGE, options: OPTIONS, maxPositionals: 1 },
  async (args, streams, interruption: AbortSignal): Promise<number> => {
    const { values, positionals, usageError } = args;
    const action = ACTIONS.find((name) => name === positionals[0]);
    if (action === undefined) throw usageError(`An action is needed: ${ACTIONS.join(', ')}.`);
    for (const [option, owner] of OWNED_OPTIONS) {
      if (values[option] && action !== owner) throw usageError(`--${option} belongs to ${owner}.`);
    }
    const intervalMs = parseInterval(values.rate);
    if (intervalMs === undefined) throw usageError('--rate takes a number of messages a second, such as 5 or 0.5.');

    const { stage, region, line } = await readScope(args);
    const print = (text: string): void => void streams.stdout.write(`${text}\n`);
    print(line);
    const { DEAD_LETTER_QUEUE_URL, UNDELIVERED_QUEUE_URL } = process.env;
    const findUrl = (output: string) => findQueueUrl(output, stage, region);
    const url = values['queue-url'] || DEAD_LETTER_QUEUE_URL || (await findUrl('DeadLetterQueueUrl'));
    const to =
      action === 'redrive'
        ? values['undelivered-queue-url'] || UNDELIVERED_QUEUE_URL || (await findUrl('UndeliveredQueueUrl'))
        : '';

    const queue = new DeadLetterQueue(url, region);
    try {
      const all = await queue.receiveAll(interruption);
      if (interruption.aborted) throw cancelled();
      const { reason: reasons = [], id: ids = [] } = values;
      const letters = all.filter(
        ({ id, reason }) =>
          (reasons.length === 0 || reasons.includes(reason)) && (ids.length === 0 || ids.includes(id)),
      );
      print(`${countMessages(letters.length)}${letters.length < all.length ? ` of ${all.length}` : ''}.`);
      const asking = streams.stdin.isTTY === true ? promptTerminal(streams) : promptLine(streams.stdin);
      const prompter = values.yes ? { ...asking, confirm: async () => true } : asking;
      const printProgress = (text: string): void => void streams.stderr.write(text);
      const run = { stage, letters, queue, prompter, print, printProgress, interruption };
      switch (action) {
        case 'list':
          for (const row of letters.length > 0 ? summarize(letters, Date.now()) : []) print(row);
          return 0;
        case 'show':
          for (const row of letters.flatMap((letter) => describeDeadLetter(letter, stage, values['show-data'])))
            print(row);
          return 0;
        case 'redrive':
          return await redrive(run, to, !values['without-consent'], intervalMs);
        case 'discard':
          return await discard(run);
      }
    } finally {
      const failure = await queue.release();
      if (failure !== undefined) streams.stderr.write(`${failure}\n`);
    }
  },
);
