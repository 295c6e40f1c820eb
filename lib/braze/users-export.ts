import * as v from 'valibot';
import type { JsonObject } from '../json.ts';
import type { Identifier } from '../payload/identity.ts';
import type { ProfileField } from '../payload/profile-fields.ts';
import { getNested, toText } from './values.ts';

/** Fields that decide between several profiles with one address. */
const TIE_BREAK_FIELDS = ['external_id', 'created_at'];

const toExportKey = (identifier: Identifier): JsonObject => {
  if ('external_id' in identifier) return { external_ids: [identifier.external_id] };
  if ('user_alias' in identifier) return { user_aliases: [identifier.user_alias] };
  return 'email' in identifier ? { email_address: identifier.email } : identifier;
};

/** The body of `POST /users/export/ids` for one person. */
export const toExportBody = (identifier: Identifier, fields: readonly ProfileField[]): JsonObject => ({
  ...toExportKey(identifier),
  fields_to_export: [
    ...new Set([
      ...fields.map(({ path: [name] }) => name),
      ...('email' in identifier || 'phone' in identifier ? TIE_BREAK_FIELDS : []),
    ]),
  ],
});

const Profile = v.looseObject({
  external_id: v.fallback(v.optional(v.string()), undefined),
  created_at: v.fallback(v.string(), ''),
});
/**
 * Unknown users come back in `invalid_user_ids`, sometimes with no `users` at all.
 * https://www.braze.com/docs/api/endpoints/export/user_data/post_users_identifier/
 */
const Export = v.union([
  v.object({ users: v.array(Profile) }),
  v.pipe(
    v.object({ invalid_user_ids: v.pipe(v.array(v.unknown()), v.minLength(1)) }),
    v.transform(() => ({ users: [] })),
  ),
]);

/** The profile of one person, as far as an export shows it. */
export type ExportedProfile =
  | { readonly kind: 'found'; readonly values: { readonly [key: string]: string } }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'unreadable' };

/**
 * Parses an export: a text for every field, empty if the profile has no value (Braze leaves out what is null, false or
 * empty). Of several profiles, one with an `external_id` is taken first, then the newest.
 */
export const parseProfile = (answer: unknown, fields: readonly ProfileField[]): ExportedProfile => {
  const exported = v.safeParse(Export, answer);
  if (!exported.success) return { kind: 'unreadable' };
  const [first] = exported.output.users.toSorted(
    (a, b) =>
      Number(b.external_id !== undefined) - Number(a.external_id !== undefined) ||
      b.created_at.localeCompare(a.created_at),
  );
  if (first === undefined) return { kind: 'not_found' };
  const values = fields.map(({ key, path }) => [key, toText(path.reduce<unknown>(getNested, first))] as const);
  return { kind: 'found', values: Object.fromEntries(values) };
};
