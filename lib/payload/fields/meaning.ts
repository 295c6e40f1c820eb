import type { InvalidReason } from '../invalid-reason.ts';
import type { FieldContext } from '../schema.ts';
import { AMBIGUOUS } from '../words/lexicon.ts';

/** Returns the meaning of a word; reports a word that has several, or none. */
export const reportUnclear = <T>(
  meaning: T | typeof AMBIGUOUS | undefined,
  ctx: FieldContext,
  reason: InvalidReason,
): T | undefined => (meaning === AMBIGUOUS ? ctx.invalid('ambiguous_word') : (meaning ?? ctx.invalid(reason)));
