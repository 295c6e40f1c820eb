import { account } from './account.ts';
import { count } from './number.ts';
import { text } from './text.ts';

/** A Twitter account, with the members Braze documents. */
export const twitter = account({
  id: count,
  screen_name: text,
  followers_count: count,
  friends_count: count,
  statuses_count: count,
});
