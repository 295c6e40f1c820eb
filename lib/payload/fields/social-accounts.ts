import { type Field, type Fields, list, type Output, object } from '../schema.ts';
import { count } from './number.ts';
import { line } from './text.ts';

/** An account whose members are all optional; absent if none is valid. */
const account = <F extends Fields>(fields: F): Field<Output<F>> => {
  const members = object(fields, {
    sends: `the valid ones of ${Object.keys(fields).join(', ')}`,
    invalidWhen: 'it is not an object; of an object, only invalid members are left out',
  });
  return {
    ...members,
    parse: (value, ctx) => {
      const parsed = members.parse(value, ctx);
      return parsed !== undefined && Object.keys(parsed).length > 0 ? parsed : undefined;
    },
  };
};

/** An empty list is sent, because it means that the person likes nothing any more. */
const likes: Field<readonly string[]> = {
  ...list(line),
  parse: (value, ctx) => (Array.isArray(value) && value.length === 0 ? [] : list(line).parse(value, ctx)),
};

/** A Facebook account, with the members that Braze documents. */
export const facebook = account({ id: line, likes, num_friends: count });

/** A Twitter account, with the members that Braze documents. */
export const twitter = account({
  id: count,
  screen_name: line,
  followers_count: count,
  friends_count: count,
  statuses_count: count,
});
