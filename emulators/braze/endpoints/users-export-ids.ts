import { isArray, isText, type Json, type JsonObject } from '../../json.ts';
import type { Endpoint } from '../endpoint.ts';
import { exported } from '../exported.ts';
import { aliasOf, type Identifier } from '../identifier.ts';
import { RequestRefused } from '../refusal.ts';

const listOf = (body: JsonObject, key: string): readonly Json[] => {
  const list = body[key];
  if (list === undefined) return [];
  if (!isArray(list)) throw new RequestRefused(`'${key}' must be an array`);
  return list;
};

const fieldsOf = ({ fields_to_export: fields }: JsonObject): readonly string[] => {
  if (!isArray(fields) || fields.length === 0 || !fields.every(isText)) {
    throw new RequestRefused("'fields_to_export' is required");
  }
  return fields;
};

const externalIdOf = (value: Json): Identifier => {
  if (!isText(value)) throw new RequestRefused("'external_ids' must be an array of strings");
  return { external_id: value };
};

const aliasIn = (value: Json): Identifier => {
  const alias = aliasOf(value);
  if (!alias) throw new RequestRefused("'user_aliases' must be an array of objects");
  return { user_alias: alias };
};

const singlesOf = ({ braze_id, email_address, phone, device_id }: JsonObject): Identifier[] => {
  const exclusive = [email_address, phone, device_id].filter((value) => value !== undefined);
  if (exclusive.length > 1) {
    throw new RequestRefused("Only one of 'device_id', 'email_address' or 'phone' is allowed");
  }
  return [
    ...(isText(braze_id) ? [{ braze_id }] : []),
    ...(isText(email_address) ? [{ email: email_address }] : []),
    ...(isText(phone) ? [{ phone }] : []),
  ];
};

export const usersExportIds: Endpoint = {
  permission: 'users.export.ids',
  rate: { pool: 'users/export/ids', limit: 250, perMs: 60_000 },
  answer: ({ body, workspace }) => {
    const fields = fieldsOf(body);
    const ids = listOf(body, 'external_ids');
    const several = [...ids.map(externalIdOf), ...listOf(body, 'user_aliases').map(aliasIn)];
    if (several.length > 50) {
      throw new RequestRefused('The max number of external_ids and aliases per request was exceeded');
    }
    const identifiers = [...several, ...singlesOf(body)];
    if (identifiers.length === 0 && !isText(body.device_id)) throw new RequestRefused('No identifier was given');

    const found = new Set(identifiers.flatMap((identifier) => workspace.matches(identifier)));
    const invalid = ids.filter((id) => isText(id) && !workspace.find({ external_id: id }));
    return {
      status: 201,
      body: {
        users: [...found].map((profile) => exported(profile, fields)),
        message: 'success',
        ...(invalid.length > 0 ? { invalid_user_ids: invalid } : {}),
      },
    };
  },
};
