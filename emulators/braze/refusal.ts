/**
 * What Braze says about an object that it leaves out. Where a recording has a sentence it is that,
 * else the documented code.
 */
const said = {
  BAD_DEVICE_ID: 'BAD_DEVICE_ID',
  BAD_EMAIL_SUBSCRIPTION_STATE: 'BAD_EMAIL_SUBSCRIPTION_STATE',
  BAD_LOCATION_UPDATE: 'BAD_LOCATION_UPDATE',
  BAD_PUSH_SUBSCRIPTION_STATE: 'BAD_PUSH_SUBSCRIPTION_STATE',
  BAD_PUSH_TOKEN_APP_ID: 'BAD_PUSH_TOKEN_APP_ID',
  BAD_PUSH_TOKEN_IMPORT: 'BAD_PUSH_TOKEN_IMPORT',
  BAD_PUSH_TOKEN_STRING: 'BAD_PUSH_TOKEN_STRING',
  BAD_PUSH_TOKEN_VALUE: 'BAD_PUSH_TOKEN_VALUE',
  BAD_SUBSCRIPTION_GROUP_ARRAY: 'BAD_SUBSCRIPTION_GROUP_ARRAY',
  BAD_SUBSCRIPTION_GROUP_HASH: 'BAD_SUBSCRIPTION_GROUP_HASH',
  BAD_SUBSCRIPTION_GROUP_ID: 'BAD_SUBSCRIPTION_GROUP_ID',
  BAD_SUBSCRIPTION_GROUP_STATE: 'BAD_SUBSCRIPTION_GROUP_STATE',
  BLACKLISTED_EXTERNAL_USER_ID: 'provided external_id is blacklisted and disallowed',
  EMAIL_BAD_FORMAT: "The value provided for the 'email' field is not a valid email.",
  EXTERNAL_USER_ID_TOO_LARGE: 'EXTERNAL_USER_ID_TOO_LARGE',
  INVALID_ATTRIBUTE_EMAIL_SUBSCRIPTION_INFO: 'INVALID_ATTRIBUTE_EMAIL_SUBSCRIPTION_INFO',
  NO_IDENTIFIER: "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required",
  SEVERAL_IDENTIFIERS: "Only one of 'external_id', 'braze_id' or 'user_alias' is allowed",
  BAD_NAME: "'name' is not valid",
  BAD_TIME: "'time' is not valid",
  BAD_PROPERTIES: "Invalid 'properties' field",
  BAD_PRODUCT_ID: "'product_id' is not valid",
  BAD_CURRENCY: "'currency' is not valid",
  BAD_PRICE: "'price' is not valid",
  BAD_QUANTITY: "'quantity' is not valid",
  BAD_PRIORITIZATION: "'prioritization' is not valid",
} as const;

/** One object of a request is faulty; the others are processed. */
export class ItemRefused extends Error {
  override readonly name = 'ItemRefused';

  constructor(code: keyof typeof said) {
    super(said[code]);
  }
}

/** The request as a whole is refused with 400; nothing of it is processed. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
}

export const NO_VALID_DATA = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.";
