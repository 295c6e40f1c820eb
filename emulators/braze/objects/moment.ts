import { isText, type Json } from '../../json.ts';
import { isEventTime, momentOf } from '../dates.ts';
import { ItemRefused } from '../refusal.ts';

/** The time of an event or purchase as stored: a future one becomes the present. */
export const timeOf = (value: Json | undefined, now: number): string => {
  if (!isText(value) || !isEventTime(value)) throw new ItemRefused('BAD_TIME');
  return new Date(Math.min(momentOf(value), now)).toISOString();
};
