import type { CleanValue } from '../schema.ts';

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['y', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['n', false],
  ['off', false],
  ['0', false],
]);

/** A boolean, or one of the words and digits that flows write for it, in any letter case. */
export const toBoolean = (value: CleanValue): boolean | undefined => {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' || typeof value === 'number' ? WORDS.get(String(value).toLowerCase()) : undefined;
};
