import { isArray, isObject, type Json } from '../../json.ts';
import { isEmail } from '../contact.ts';
import { isBirthday, isDateText } from '../dates.ts';
import type { Drop } from '../endpoint.ts';
import { ItemRefused } from '../refusal.ts';
import type { Settings } from '../settings.ts';
import type { Update } from './item.ts';
import { countryOf, isLanguage, isTimeZone } from './places.ts';
import { checkPushTokens } from './push-tokens.ts';
import { groupsOf } from './subscription-groups.ts';

interface Field {
  readonly name: string;
  readonly value: Json;
  readonly drop: Drop;
  readonly settings: Settings;
}

type Rule = (field: Field) => Update | undefined;

const set =
  (name: string, value: Json): Update =>
  ({ attributes }) => {
    attributes.set(name, value);
  };

const unset =
  (name: string): Update =>
  ({ attributes }) => {
    attributes.delete(name);
  };

/** Stores what fits; Braze documents no error for the rest, so it is dropped. */
const only =
  (why: string, fits: (value: Json) => boolean): Rule =>
  ({ name, value, drop }) => {
    if (fits(value)) return set(name, value);
    drop(name, why);
    return undefined;
  };

/** Stores what fits; anything else fails the object with a documented code. */
const orRefuse =
  (code: ConstructorParameters<typeof ItemRefused>[0], fits: (value: Json) => boolean): Rule =>
  ({ name, value }) => {
    if (!fits(value)) throw new ItemRefused(code);
    return set(name, value);
  };

const isString = (value: Json): value is string => typeof value === 'string';
const isInteger = (value: Json | undefined): boolean => Number.isInteger(value);
const isState = (value: Json): boolean => value === 'opted_in' || value === 'subscribed' || value === 'unsubscribed';

const text = only('not a string', isString);
const date = only('not a date', (value) => isString(value) && isDateText(value));
const flag = only('not a boolean', (value) => typeof value === 'boolean');

const isLocation = (value: Json): boolean =>
  isObject(value) && typeof value.longitude === 'number' && typeof value.latitude === 'number';

const isFacebook = (value: Json): boolean =>
  isObject(value) &&
  (value.id === undefined || isString(value.id)) &&
  (value.likes === undefined || (isArray(value.likes) && value.likes.every(isString))) &&
  (value.num_friends === undefined || isInteger(value.num_friends));

const isTwitter = (value: Json): boolean =>
  isObject(value) &&
  (value.screen_name === undefined || isString(value.screen_name)) &&
  ['id', 'followers_count', 'friends_count', 'statuses_count'].every(
    (key) => value[key] === undefined || isInteger(value[key]),
  );

const country: Rule = ({ name, value, drop }) => {
  const code = isString(value) ? countryOf(value) : undefined;
  if (code !== undefined) return set(name, code);
  drop(name, 'unknown country, stored as NULL');
  return unset(name);
};

const subscriptionGroups: Rule = ({ value }) => {
  const groups = groupsOf(value);
  return ({ subscription_groups }) => {
    for (const { id, state } of groups) subscription_groups.set(id, state);
  };
};

const pushTokens: Rule = ({ name, value, settings }) => {
  checkPushTokens(value, settings.apps);
  return set(name, value);
};

const ignored: Rule = ({ name, drop }) => {
  drop(name, 'no longer processed');
  return undefined;
};

const refused: Rule = () => {
  throw new ItemRefused('INVALID_ATTRIBUTE_EMAIL_SUBSCRIPTION_INFO');
};

/** The rule of every standard attribute; what is not here is a custom attribute. */
const rules = new Map<string, Rule>([
  ['first_name', text],
  ['last_name', text],
  ['home_city', text],
  ['email', orRefuse('EMAIL_BAD_FORMAT', (value) => isString(value) && isEmail(value))],
  ['phone', text],
  ['dob', only('not a date of the form YYYY-MM-DD', (value) => isString(value) && isBirthday(value))],
  ['gender', only('not one of M, F, O, N, P', (value) => isString(value) && /^[MFONP]$/.test(value))],
  ['country', country],
  ['language', only('not an ISO 639-1 code', (value) => isString(value) && isLanguage(value))],
  ['time_zone', only('unknown time zone', (value) => isString(value) && isTimeZone(value))],
  ['current_location', orRefuse('BAD_LOCATION_UPDATE', isLocation)],
  ['date_of_first_session', date],
  ['date_of_last_session', date],
  ['marked_email_as_spam_at', date],
  ['email_subscribe', orRefuse('BAD_EMAIL_SUBSCRIPTION_STATE', isState)],
  ['push_subscribe', orRefuse('BAD_PUSH_SUBSCRIPTION_STATE', isState)],
  ['email_open_tracking_disabled', flag],
  ['email_click_tracking_disabled', flag],
  ['subscription_groups', subscriptionGroups],
  ['facebook', only('not of the documented form', isFacebook)],
  ['twitter', only('not of the documented form', isTwitter)],
  ['push_tokens', pushTokens],
  ['image_url', text],
  ['bio', ignored],
  ['email_subscription_info', refused],
]);

export const isStandard = (name: string): boolean => rules.has(name);

/** The change a standard attribute makes; null removes it, whatever its rule. */
export const standardUpdate = (field: Field): Update | undefined => {
  const rule = rules.get(field.name);
  const isRemoval = field.value === null && rule !== refused && rule !== ignored;
  return isRemoval ? unset(field.name) : rule?.(field);
};
