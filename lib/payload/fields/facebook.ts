import { list } from '../schema.ts';
import { account } from './account.ts';
import { count } from './number.ts';
import { text } from './text.ts';

/** A Facebook account, with the members Braze documents. */
export const facebook = account({ id: text, likes: list(text), num_friends: count });
