import type { Field } from '../field.ts';
import { type Fields, object, type Read } from '../object.ts';

/** What a social network knows about a person, all of it optional; nothing usable is nothing said. */
export const account = <F extends Fields>(fields: F): Field<Read<F>> => {
  const members = object(fields, {
    becomes: `the usable ones of ${Object.keys(fields).join(', ')}`,
    unusableWhen: 'it is not an object; an unusable member is left out by itself',
  });
  return {
    ...members,
    read: (value, at) => {
      const usable = members.read(value, at);
      return usable !== undefined && Object.keys(usable).length > 0 ? usable : undefined;
    },
  };
};
