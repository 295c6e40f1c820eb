import { objectsOf } from '../../lib/braze/users-track.ts';
import { type Message, readMessage } from '../../lib/delivery/message.ts';
import type { JsonObject } from '../../lib/json.ts';

/** A message of the dead-letter queue. */
export interface Letter {
  readonly id: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly reason: string;
  /** When it came into the queue, in milliseconds since 1970. */
  readonly sent: number;
  /** Missing where it can't be read. */
  readonly message: Message | undefined;
}

/** What a terminal would obey must not come out of a message. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '�');

export const letterOf = (id: string, receiptHandle: string, body: string, said: string, sent: number): Letter => {
  const message = readMessage(body);
  // What SQS itself moved here, after too many receives, bears the reason for which it was queued.
  const reason = message?.reason ?? (said === '' ? 'unreadable' : plain(said));
  return { id, receiptHandle, body, reason, sent, message };
};

const nodeOf = ({ message }: Letter): string => plain(message?.node ?? '(unknown)');

/** Braze may have it already, and it does harm there if it comes again. */
export const mayBeDoubled = ({ message }: Letter): boolean =>
  message !== undefined && message.reason === 'in_doubt' && !message.replay_safe;

/** Why it can't be sent again, whatever is done about it. */
export const obstacleOf = ({ message }: Letter, stage: string): string | undefined => {
  if (message === undefined) return 'cannot be read';
  return message.stage === stage ? undefined : 'belongs to another stage';
};

const ageOf = (milliseconds: number): string => {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60 / 24)} d`;
};

const table = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = rows.reduce<readonly number[]>(
    (most, row) => row.map((cell, column) => Math.max(most[column] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

/** How many wait for what, the most first; no personal data. */
export const summaryOf = (letters: readonly Letter[], now: number): readonly string[] => {
  const groups = [...Map.groupBy(letters, (letter) => `${letter.reason}\n${nodeOf(letter)}`)]
    .map(([key, group]) => ({
      key: key.split('\n'),
      count: group.length,
      oldest: Math.min(...group.map(({ sent }) => sent)),
    }))
    .toSorted((a, b) => b.count - a.count);
  const rows = groups.map(({ key, count, oldest }) => [String(count), ...key, ageOf(now - oldest)]);
  return table([['COUNT', 'REASON', 'NODE', 'OLDEST'], ...rows]);
};

const NOT_NAMES = new Set(['external_id', 'user_alias', 'braze_id', 'email', 'phone', '_update_existing_only']);

/** What it is about without what it says: names of attributes and events, not values. */
const contentOf = (body: JsonObject): readonly string[] => {
  const objects = objectsOf(body);
  const inArray = (name: string) => objects.filter(({ array }) => array === name).map(({ object }) => object);
  const [attributes, events, purchases] = [inArray('attributes'), inArray('events'), inArray('purchases')];
  const names = new Set(attributes.flatMap((object) => Object.keys(object).filter((name) => !NOT_NAMES.has(name))));
  const eventNames = new Set(events.map(({ name }) => String(name)));
  const listed = (found: ReadonlySet<string>) => (found.size === 0 ? '' : `: ${[...found].map(plain).join(', ')}`);
  return [
    ...(attributes.length > 0 ? [`attributes ${attributes.length}${listed(names)}`] : []),
    ...(events.length > 0 ? [`events ${events.length}${listed(eventNames)}`] : []),
    ...(purchases.length > 0 ? [`purchases ${purchases.length}`] : []),
  ];
};

/** One message in lines; values only with `showData`. */
export const descriptionOf = (letter: Letter, stage: string, showData: boolean): readonly string[] => {
  const { id, message, body } = letter;
  const obstacle = obstacleOf(letter, stage);
  const marks = [
    ...(mayBeDoubled(letter) ? ['Braze may have it already: sent again, it may be doubled'] : []),
    ...(obstacle === undefined ? [] : [`it ${obstacle}: it cannot be sent again`]),
  ];
  return [
    `${id}  ${letter.reason}  ${nodeOf(letter)}  ${plain(message?.time ?? '')}`.trimEnd(),
    ...(message === undefined
      ? []
      : [plain(message.endpoint), ...contentOf(message.request)].map((line) => `  ${line}`)),
    ...marks.map((mark) => `  ${mark}`),
    ...(showData ? [`  ${JSON.stringify(message?.request ?? body)}`] : []),
  ];
};
