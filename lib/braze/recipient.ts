import type { JsonObject } from '../json.ts';
import type { Identifier } from '../payload/identity.ts';

/** Among several profiles with the address, the one that `users/track` would take, too. */
const prioritization = ['identified', 'most_recently_updated'];

/**
 * One person as a recipient of a triggered message (Braze, "Recipient object"), with the attributes to be set before
 * it is sent. Somebody unknown gets it only where Braze can make the profile: by an id or an email, and with attributes.
 */
export const toRecipient = (identifier: Identifier, attributes: JsonObject, existingOnly: boolean): JsonObject => {
  const told = Object.keys(attributes).length > 0 ? { attributes } : {};
  const create = !existingOnly && 'attributes' in told ? { send_to_existing_only: false } : {};
  if ('external_id' in identifier) return { external_user_id: identifier.external_id, ...create, ...told };
  if ('email' in identifier) return { email: identifier.email, prioritization, ...create, ...told };
  return { ...identifier, ...told };
};
