import type { Cleaned, Field } from '../field.ts';
import { account } from './account.ts';
import { count } from './count.ts';
import { text } from './text.ts';

const likes: Field<readonly string[]> = {
  becomes: 'a list of texts',
  unusableWhen: 'it is not a list; an unusable item is left out by itself',
  schema: { type: 'array', items: text.schema },
  read: (value, at) => {
    if (!Array.isArray(value)) return at.refuse();
    const usable = value.flatMap((like: Cleaned, index) =>
      like === undefined || like === null ? [] : (text.read(like, at.at(index)) ?? []),
    );
    return usable.length > 0 ? usable : undefined;
  },
};

/** A Facebook account, with the members Braze documents. */
export const facebook = account({ id: text, likes, num_friends: count });
