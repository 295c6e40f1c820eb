import { isArray, type Json } from '../json.ts';
import type { Identifier } from './identifier.ts';
import type { ProfileRecord } from './profile.ts';
import { mostRecent, type Workspace } from './workspace.ts';

const status = /^(?:identified|unidentified)$/;
const recency = /^(?:most|least)_recently_updated$/;

/** The words, or undefined unless it is one of each kind, in this order, or only one of them. */
export const prioritizationOf = (value: Json | undefined): readonly string[] | undefined => {
  if (!isArray(value) || value.length === 0) return undefined;
  const words = value.filter((word) => typeof word === 'string');
  const rest = status.test(words[0] ?? '') ? words.slice(1) : words;
  const isRight =
    words.length === value.length && (rest.length === 0 || (rest.length === 1 && recency.test(`${rest}`)));
  return isRight ? words : undefined;
};

const leastRecent = (profiles: readonly ProfileRecord[]) =>
  profiles.find(({ updated }) => profiles.every((other) => updated <= other.updated));

const narrow = (profiles: readonly ProfileRecord[], word: string): readonly ProfileRecord[] => {
  if (word === 'most_recently_updated') return [mostRecent(profiles)].flatMap((one) => one ?? []);
  if (word === 'least_recently_updated') return [leastRecent(profiles)].flatMap((one) => one ?? []);
  const preferred = profiles.filter(({ external_id }) => (external_id !== undefined) === (word === 'identified'));
  return preferred.length > 0 ? preferred : profiles;
};

/** The one profile that is left after narrowing; several left are none. */
export const choose = (
  workspace: Workspace,
  identifier: Identifier,
  prioritization: readonly string[],
): ProfileRecord | undefined => {
  const left = prioritization.reduce(narrow, workspace.matches(identifier));
  return left.length === 1 ? left[0] : undefined;
};
