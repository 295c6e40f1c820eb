import { styleText } from 'node:util';
import type { Json } from '../../emulators/json.ts';

const WIDTH = Math.min(Math.max(process.stdout.columns ?? 100, 80), 100);
const INDENT = '  ';

const say = (line: string): void => console.log(line === '' ? '' : `${INDENT}${line}`);

export const section = (title: string): void => console.log(`\n${styleText(['bold', 'cyan'], title)}`);
export const note = (sentence: string): void => {
  for (const line of wrapped(sentence.split(' '), ' ')) say(styleText('dim', line));
};
export const verdict = (isGood: boolean, sentence: string): void => {
  const [first = '', ...rest] = wrapped(sentence.split(' '), ' ', 3);
  say(`${isGood ? styleText('green', '✓') : styleText('red', '✗')} ${first}`);
  for (const line of rest) say(`  ${line}`);
};

/** What a terminal would not show, or not tell from a plain blank, is shown as an escape. */
const visible = (json: string): string =>
  json.replace(/(?! )[\p{Z}\p{C}]/gu, (character) =>
    [...character.split('')].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  );

const cut = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 1)}…`);

/** JSON on one line, with room to breathe. */
const inline = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return visible(JSON.stringify(value));
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${inline(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
};

/** JSON over as many lines as it needs: what fits on one line stays on one. */
const jsonLines = (value: Json, width: number, before = '', after = '', depth = 0): readonly string[] => {
  const line = `${' '.repeat(depth)}${before}${inline(value)}${after}`;
  if (line.length <= width || typeof value !== 'object' || value === null) return [cut(line, width)];
  const isList = Array.isArray(value);
  const members = Object.entries(value).flatMap(([key, member], index, { length }) =>
    jsonLines(member, width, isList ? '' : `${JSON.stringify(key)}: `, index < length - 1 ? ',' : '', depth + 2),
  );
  const blanks = ' '.repeat(depth);
  return [`${blanks}${before}${isList ? '[' : '{'}`, ...members, `${blanks}${isList ? ']' : '}'}${after}`];
};

export const json = (value: Json): void => {
  for (const line of jsonLines(value, WIDTH - INDENT.length)) say(line);
};

const wrapped = (words: readonly string[], between: string, less = 0): readonly string[] => {
  const lines: string[] = [];
  for (const word of words) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)}${between}${word}`;
    if (lines.length > 0 && longer.length <= WIDTH - INDENT.length - less) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
};

/** A line of JSON as it is, broken between its members. */
export const logLine = (line: object): void => {
  const words = JSON.stringify(line).split(/(?<=,)(?=")/);
  for (const part of wrapped(words, '')) say(styleText('dim', cut(part, WIDTH - INDENT.length)));
};

const MOST_LINES = 3;

/** Text that is too long goes on in the next line, for a few lines. */
const textLines = (text: string, width: number): readonly string[] => {
  const shown = cut(text, width * MOST_LINES);
  return Array.from({ length: Math.ceil(shown.length / width) }, (_, line) =>
    shown.slice(line * width, (line + 1) * width),
  );
};

/** Names and values, side by side; a value with too many parts for that stands below its name. */
export const rows = (pairs: readonly (readonly [name: string, value: Json])[]): void => {
  const width = Math.min(34, Math.max(0, ...pairs.map(([name]) => name.length))) + 2;
  const room = WIDTH - INDENT.length - width;
  for (const [name, value] of pairs) {
    const label = styleText('bold', visible(cut(name, width - 1)).padEnd(width));
    const text = inline(value);
    if (text.length > room && typeof value === 'object') {
      say(label.trimEnd());
      for (const line of jsonLines(value, WIDTH - 2 * INDENT.length)) say(`${INDENT}${line}`);
      continue;
    }
    textLines(text, room).forEach((line, index) => {
      say(`${index === 0 ? label : ' '.repeat(width)}${line}`);
    });
  }
};
