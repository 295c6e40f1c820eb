import { isDeepStrictEqual } from 'node:util';
import type { Fault } from '../../emulators/braze.ts';
import type { JsonObject } from '../../emulators/json.ts';
import { type Claim, isReading } from './claims.ts';
import type { Kept } from './queues.ts';

/** What a reply of Braze means for a request (contract, section 6); said here once more, so that a mistake shows. */
type Meaning = 'taken' | 'taken-but-the-first' | 'refused' | 'busy' | 'unclear' | 'misconfigured';

const MEANINGS: Readonly<Record<string, Meaning>> = {
  queued: 'taken',
  partial: 'taken-but-the-first',
  'partial-text': 'taken-but-the-first',
  refused: 'refused',
  '413': 'refused',
  '429': 'busy',
  '503': 'busy',
  '401': 'misconfigured',
  '403': 'misconfigured',
  '404': 'misconfigured',
  redirect: 'misconfigured',
};
/** Only users/track has objects to refuse one by one. */
const OF_OBJECTS = ['partial', 'partial-text', 'refused'];
const LONGEST_ATTEMPT_MS = 3_000;

const meaningOf = (fault: Fault | undefined, path: string): Meaning => {
  const [word = '', detail] = fault?.split(':') ?? [];
  if (fault === undefined || (OF_OBJECTS.includes(word) && path !== '/users/track')) return 'taken';
  if (word === 'slow') return Number(detail) < LONGEST_ATTEMPT_MS ? 'taken' : 'unclear';
  return MEANINGS[word] ?? 'unclear';
};

/** What became of a request. */
export interface Course {
  readonly fault: Fault | undefined;
  readonly path: string;
  readonly body: JsonObject;
  readonly answer: JsonObject;
  readonly claims: readonly Claim[];
  /** Those that Braze does not hold. */
  readonly missing: readonly Claim[];
  readonly kept: readonly Kept[];
}

const outcomeIs = ({ answer }: Course, ...outcomes: readonly string[]): readonly string[] =>
  outcomes.includes(String(answer.outcome))
    ? []
    : [`The outcome is ${answer.outcome}, and should be ${outcomes.join(' or ')}.`];

const succeeds = ({ answer }: Course): readonly string[] =>
  answer.success === 'true' && answer.outcome !== 'queued' ? [] : [`The answer is ${answer.outcome}, not a success.`];

const keepsNothing = ({ kept }: Course): readonly string[] =>
  kept.length === 0 ? [] : ['A request that needs no other try was kept in a queue.'];

export const holdsAll = (missing: readonly Claim[]): readonly string[] =>
  missing.map(({ object, what }) => `Braze does not hold ${what} (${object}).`);

/** Exactly one message, in the right queue, with the right reason, and nothing of the request missing in it. */
const keeps = ({ kept, body }: Course, queue: Kept['queue'], reason: string): readonly string[] => {
  const [one] = kept;
  if (one === undefined || kept.length > 1) return [`${kept.length} messages were kept instead of one.`];
  return [
    ...(one.queue === queue ? [] : [`The message is in the ${one.queue} queue, not in the ${queue} queue.`]),
    ...(one.reason === reason && one.message.reason === reason
      ? []
      : [`The reason is ${one.reason}, and should be ${reason}.`]),
    ...(isDeepStrictEqual(one.message.request, body) ? [] : ['The message does not hold what was sent.']),
  ];
};

const RULES: Readonly<Record<Meaning, (course: Course) => readonly string[]>> = {
  taken: (course) => [...succeeds(course), ...keepsNothing(course), ...holdsAll(course.missing)],
  'taken-but-the-first': (course) => {
    const first = course.claims[0]?.object;
    const isAlone = course.claims.every(({ object }) => object === first);
    return [
      ...outcomeIs(course, isAlone ? 'rejected' : 'partial'),
      ...keepsNothing(course),
      ...holdsAll(course.missing.filter(({ object }) => object !== first)),
    ];
  },
  refused: (course) => [...outcomeIs(course, 'rejected'), ...keepsNothing(course)],
  busy: (course) => [...outcomeIs(course, 'queued'), ...keeps(course, 'undelivered', 'busy')],
  unclear: (course) =>
    course.kept[0]?.message.replay_safe === true
      ? [...outcomeIs(course, 'queued'), ...keeps(course, 'undelivered', 'unclear')]
      : [...outcomeIs(course, 'in_doubt'), ...keeps(course, 'dead-letter', 'in_doubt')],
  misconfigured: (course) => [...outcomeIs(course, 'misconfigured'), ...keeps(course, 'dead-letter', 'misconfigured')],
};

/** A look-up is not kept: who asked has gone on. */
const ofReading = (course: Course, meaning: Meaning): readonly string[] => {
  if (meaning === 'taken') return [...succeeds(course), ...keepsNothing(course)];
  const outcome = { refused: 'rejected', misconfigured: 'misconfigured' }[String(meaning)];
  return [...outcomeIs(course, outcome ?? 'unavailable'), ...keepsNothing(course)];
};

/** What went otherwise than it had to: sentences, none where all is well. */
export const problemsOf = (course: Course): readonly string[] => {
  const meaning = meaningOf(course.fault, course.path);
  return isReading(course.path) ? ofReading(course, meaning) : RULES[meaning](course);
};
