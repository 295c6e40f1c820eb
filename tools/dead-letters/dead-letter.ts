import { listObjects } from '../../lib/braze/users-track.ts';
import { type Message, parseMessage } from '../../lib/delivery/message.ts';
import type { JsonObject } from '../../lib/json.ts';
import { toPrintable, toPrintableJson } from '../printable.ts';

/** A message of the dead-letter queue. */
export interface DeadLetter {
  readonly id: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly reason: string;
  /** When it came into the queue, in milliseconds since 1970. */
  readonly sentAt: number;
  /** Undefined where the body cannot be read. */
  readonly message: Message | undefined;
  readonly isLaterVersion: boolean;
}

export const parseDeadLetter = (
  id: string,
  receiptHandle: string,
  body: string,
  reasonAttribute: string,
  sentAt: number,
): DeadLetter => {
  const parsed = parseMessage(body);
  const message = parsed.kind === 'message' ? parsed.message : undefined;
  // SQS moves a message here unchanged after too many receives, so its reason is the one it was queued with.
  const reason = message?.reason ?? (reasonAttribute === '' ? 'unreadable' : toPrintable(reasonAttribute));
  return { id, receiptHandle, body, reason, sentAt, message, isLaterVersion: parsed.kind === 'later_version' };
};

const toNodeName = ({ message }: DeadLetter): string => toPrintable(message?.node ?? '(unknown)');

/** Whether Braze may already have a request that must not arrive twice. */
export const mayBeDuplicate = ({ message }: DeadLetter): boolean =>
  message !== undefined && message.reason === 'in_doubt' && !message.idempotent;

/** Why a message cannot be redriven; undefined where it can. */
export const findRedriveProblem = ({ message, isLaterVersion }: DeadLetter, stage: string): string | undefined => {
  if (isLaterVersion) return 'was written by a later version of the service, which must be deployed first';
  if (message === undefined) return 'cannot be read';
  return message.stage === stage ? undefined : 'belongs to another stage';
};

const toAge = (milliseconds: number): string => {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60 / 24)} d`;
};

const toTable = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

/** How many wait by reason and node, the largest group first; without personal data. */
export const summarize = (letters: readonly DeadLetter[], now: number): readonly string[] => {
  const groups = [...Map.groupBy(letters, (letter) => `${letter.reason}\n${toNodeName(letter)}`)]
    .map(([key, group]) => ({
      key: key.split('\n'),
      count: group.length,
      oldest: Math.min(...group.map(({ sentAt }) => sentAt)),
    }))
    .toSorted((a, b) => b.count - a.count);
  const rows = groups.map(({ key, count, oldest }) => [String(count), ...key, toAge(now - oldest)]);
  return toTable([['COUNT', 'REASON', 'NODE', 'OLDEST'], ...rows]);
};

const NOT_ATTRIBUTES = new Set(['external_id', 'user_alias', 'braze_id', 'email', 'phone', '_update_existing_only']);

/** The names of attributes and events in a request, without their values. */
const describeContent = (body: JsonObject): readonly string[] => {
  const findNames = (array: string, object: JsonObject): readonly string[] => {
    if (array === 'attributes') return Object.keys(object).filter((name) => !NOT_ATTRIBUTES.has(name));
    return array === 'events' ? [String(object.name)] : [];
  };
  return [...Map.groupBy(listObjects(body), ({ array }) => array)].map(([array, group]) => {
    const names = new Set(group.flatMap(({ object }) => findNames(array, object)));
    return `${array} ${group.length}${names.size === 0 ? '' : `: ${[...names].map(toPrintable).join(', ')}`}`;
  });
};

/** One message in lines; its values only with `showData`. */
export const describeDeadLetter = (letter: DeadLetter, stage: string, showData: boolean): readonly string[] => {
  const { id, message, body } = letter;
  const problem = findRedriveProblem(letter, stage);
  return [
    `${id}  ${letter.reason}  ${toNodeName(letter)}  ${toPrintable(message?.time ?? '')}`.trimEnd(),
    ...(message === undefined ? [] : [`  ${toPrintable(message.path)}`]),
    ...(message === undefined ? [] : describeContent(message.request).map((line) => `  ${line}`)),
    ...(mayBeDuplicate(letter) ? ['  Braze may have it already: redriven, it may be a duplicate'] : []),
    ...(problem === undefined ? [] : [`  it ${problem}: it cannot be redriven`]),
    ...(showData ? [`  ${toPrintableJson(message?.request ?? body)}`] : []),
  ];
};
