import { type AskedField, askedFields, toAnswerKey } from './answer-keys.ts';
import { shortText } from './fields/text.ts';
import type { Field } from './schema.ts';

/** A field of a catalog item. */
export interface CatalogField extends AskedField {
  readonly name: string;
}

const catalogField: Field<CatalogField> = {
  sends: 'the key `BRAZE_<NAME IN CAPITALS>` of the answer',
  invalidWhen: 'it is not the name of a field',
  schema: { type: 'string', examples: ['name', 'price'] },
  parse: (value, ctx) => {
    const name = shortText.parse(value, ctx);
    const key = name === undefined ? undefined : toAnswerKey(name, ctx);
    return name === undefined || key === undefined ? undefined : { key, name };
  },
};

/** The fields of a catalog item that a flow asks for. */
export const catalogFields = askedFields(
  catalogField,
  'none of its names is valid; otherwise only invalid names are left out',
);
