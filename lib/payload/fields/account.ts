import { type Field, type Fields, type Output, object } from '../schema.ts';

/** What a social network knows about a person, all of it optional; nothing usable is nothing said. */
export const account = <F extends Fields>(fields: F): Field<Output<F>> => {
  const members = object(fields, {
    sends: `the usable ones of ${Object.keys(fields).join(', ')}`,
    invalidWhen: 'it is not an object; an invalid member is left out by itself',
  });
  return {
    ...members,
    parse: (value, ctx) => {
      const usable = members.parse(value, ctx);
      return usable !== undefined && Object.keys(usable).length > 0 ? usable : undefined;
    },
  };
};
