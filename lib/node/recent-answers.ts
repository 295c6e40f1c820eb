import type { Answer, AnswerParts, Success } from '../answer.ts';
import { BoundedMap } from '../bounded-map.ts';
import { monotonicNow } from '../clock.ts';

const MAX_ANSWERS = 1_000;
const MAX_AGE_MS = 10 * 60_000;
/** Only look-ups have longer values, and they may be repeated, so their answers are not kept. */
const MAX_VALUES_CHARACTERS = 8_192;

type RecentAnswer = Pick<AnswerParts, 'success' | 'outcome' | 'detail' | 'values'>;

/** Recent answers by `call_id`, so that a repeated call does not send its request again. */
export class RecentAnswers {
  readonly #answers = new BoundedMap<string, { readonly answer: RecentAnswer; readonly at: number }>(MAX_ANSWERS);

  get(callId: string): RecentAnswer | undefined {
    const found = this.#answers.get(callId);
    return found !== undefined && monotonicNow() - found.at < MAX_AGE_MS ? found.answer : undefined;
  }

  set(callId: string, success: Success, { success: _, outcome, detail, ...values }: Answer): void {
    // Not counted, because a request is sent however many invalid paths its answer names.
    const { BRAZE_INVALID_FIELDS: _paths, ...found } = values;
    if (JSON.stringify(found).length > MAX_VALUES_CHARACTERS) return;
    this.#answers.set(callId, { answer: { success, outcome, detail, values }, at: monotonicNow() });
  }
}
