import type { JsonObject } from '../json.ts';
import type { Identifier } from '../payload/identity.ts';

/** Of several profiles with the address, the one that `users/track` would take. */
const prioritization = ['identified', 'most_recently_updated'];

/**
 * One person as a recipient of a triggered message, with the attributes to be set before it is sent. Braze creates a
 * profile for somebody unknown only by an id or an email, and with attributes.
 * https://www.braze.com/docs/api/objects_filters/recipient_object/
 */
export const toRecipient = (identifier: Identifier, attributes: JsonObject, existingOnly: boolean): JsonObject => {
  const hasAttributes = Object.keys(attributes).length > 0;
  const profile = hasAttributes ? { attributes } : {};
  const create = hasAttributes && !existingOnly ? { send_to_existing_only: false } : {};
  if ('external_id' in identifier) return { external_user_id: identifier.external_id, ...create, ...profile };
  if ('email' in identifier) return { email: identifier.email, prioritization, ...create, ...profile };
  return { ...identifier, ...profile };
};
