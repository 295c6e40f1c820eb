import type { InvalidReason } from '../invalid-reason.ts';
import type { FieldContext } from '../schema.ts';
import { AMBIGUOUS } from '../words/lexicon.ts';

/** What a word means, or its report: that it means several things, or why it means none here. */
export const reportUnclear = <T>(
  meaning: T | typeof AMBIGUOUS | undefined,
  ctx: FieldContext,
  reason: InvalidReason,
): T | undefined => (meaning === AMBIGUOUS ? ctx.invalid('ambiguous_word') : (meaning ?? ctx.invalid(reason)));
