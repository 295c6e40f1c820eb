import { hasSuccessMessage, isOk } from '../../lib/braze/response.ts';
import { defineNode } from '../../lib/node/definition.ts';
import { email } from '../../lib/payload/fields/email.ts';
import { phone } from '../../lib/payload/fields/phone.ts';
import { subscription_group_id, subscriptionState } from '../../lib/payload/fields/subscription.ts';
import { longText, shortText } from '../../lib/payload/fields/text.ts';
import { date } from '../../lib/payload/fields/time.ts';
import { campaign_id, canvas_id } from '../../lib/payload/messages.ts';
import { list, object, required } from '../../lib/payload/schema.ts';

/** What a request that changes something and may not be sent twice has in common with others. */
const WRITE = { isIdempotent: () => false, queueOnFailure: true, maxObjects: 50 } as const;
const SETTING = { ...WRITE, isIdempotent: () => true } as const;
const description = 'Does what the endpoint does.';

export const listSubscriptions = defineNode({
  name: 'list-subscriptions',
  description,
  endpoint: {
    ...{ method: 'GET', path: 'subscription/user/status', query: ['external_id', 'email', 'phone'] },
    ...{ permission: 'subscription.groups.get', isIdempotent: () => true, queueOnFailure: false },
  },
  identifiers: ['external_id', 'email', 'phone'],
  exactIdentity: true,
  payload: object({}),
  toRequest: (_payload, { identity }) => ({ parameters: identity.identifier }),
  outcomes: { found: 'true', not_found: 'false' },
  readResponse: ({ body: { users } }) =>
    Array.isArray(users) && users.length > 0
      ? {
          outcome: 'found',
          detail: 'Braze has a profile with this identifier.',
          values: { BRAZE_GROUPS: JSON.stringify(users[0]) },
        }
      : { outcome: 'not_found', detail: 'Braze does not know the person.' },
});

export const setSubscriptionGroup = defineNode({
  name: 'set-subscription-group',
  description,
  endpoint: { ...SETTING, path: 'v2/subscription/status/set', permission: 'subscription.status.set' },
  identifiers: [],
  payload: object({
    subscription_group_id: required(subscription_group_id),
    subscription_state: required(subscriptionState),
    email: required(email),
  }),
  toRequest: ({ email, ...group }) => ({ body: { subscription_groups: [{ ...group, emails: [email] }] } }),
});

export const scheduleCampaign = defineNode({
  name: 'schedule-campaign',
  description,
  endpoint: { ...WRITE, path: 'campaigns/trigger/schedule/create', permission: 'campaigns.trigger.schedule.create' },
  identifiers: ['external_id'],
  payload: object({ campaign_id: required(campaign_id), time: required(date) }),
  toRequest: ({ campaign_id, time }, { identity }) => ({
    body: { campaign_id, schedule: { time }, recipients: [{ external_user_id: identity.identifier.external_id }] },
  }),
  outcomes: { scheduled: 'true' },
  readResponse: ({ body: { schedule_id } }) => ({
    ...{ outcome: 'scheduled', detail: 'Braze has scheduled the message.' },
    values: { BRAZE_SCHEDULE_ID: String(schedule_id) },
  }),
});

export const scheduleCanvas = defineNode({
  name: 'schedule-canvas',
  description,
  endpoint: { ...WRITE, path: 'canvas/trigger/schedule/create', permission: 'canvas.trigger.schedule.create' },
  identifiers: ['external_id'],
  payload: object({ canvas_id: required(canvas_id), time: required(date) }),
  toRequest: ({ canvas_id, time }, { identity }) => ({
    body: { canvas_id, schedule: { time }, recipients: [{ external_user_id: identity.identifier.external_id }] },
  }),
  outcomes: { scheduled: 'true' },
  readResponse: ({ body: { schedule_id } }) => ({
    ...{ outcome: 'scheduled', detail: 'Braze has scheduled the message.' },
    values: { BRAZE_SCHEDULE_ID: String(schedule_id) },
  }),
});

/** Braze answers 400 for a schedule that it does not know. */
const CANCEL = {
  ...SETTING,
  isAnswer: (status: number, body: { readonly message?: unknown }) => hasSuccessMessage(status, body) || status === 400,
} as const;
const readCancelled = ({ status }: { readonly status: number }) =>
  status === 400
    ? ({ outcome: 'not_found', detail: 'Braze has no such schedule.' } as const)
    : ({ outcome: 'cancelled', detail: 'Braze has cancelled the message.' } as const);

export const cancelCampaign = defineNode({
  name: 'cancel-campaign',
  description,
  endpoint: { ...CANCEL, path: 'campaigns/trigger/schedule/delete', permission: 'campaigns.trigger.schedule.delete' },
  identifiers: [],
  payload: object({ campaign_id: required(campaign_id), schedule_id: required(shortText) }),
  toRequest: (payload) => ({ body: payload }),
  outcomes: { cancelled: 'true', not_found: 'false' },
  readResponse: readCancelled,
});

export const cancelCanvas = defineNode({
  name: 'cancel-canvas',
  description,
  endpoint: { ...CANCEL, path: 'canvas/trigger/schedule/delete', permission: 'canvas.trigger.schedule.delete' },
  identifiers: [],
  payload: object({ canvas_id: required(canvas_id), schedule_id: required(shortText) }),
  toRequest: (payload) => ({ body: payload }),
  outcomes: { cancelled: 'true', not_found: 'false' },
  readResponse: readCancelled,
});

export const newAlias = defineNode({
  name: 'new-alias',
  description,
  endpoint: { ...SETTING, path: 'users/alias/new', permission: 'users.alias.new' },
  identifiers: ['external_id'],
  payload: object({ alias_name: required(shortText), alias_label: required(shortText) }),
  toRequest: (payload, { identity }) => ({
    body: { user_aliases: [{ ...identity.identifier, ...payload }] },
    paths: { user_identifiers: ['alias_name'] },
  }),
});

export const changeAlias = defineNode({
  name: 'change-alias',
  description,
  endpoint: { ...SETTING, path: 'users/alias/update', permission: 'users.alias.update' },
  identifiers: [],
  payload: object({
    alias_label: required(shortText),
    old_alias_name: required(shortText),
    new_alias_name: required(shortText),
  }),
  toRequest: (payload) => ({ body: { alias_updates: [payload] } }),
  outcomes: { not_found: 'false' },
  readResponse: ({ processed }) =>
    processed.aliases_processed === 0
      ? { outcome: 'not_found', detail: 'Braze has no such alias, or has the new one.' }
      : undefined,
});

export const renameExternalId = defineNode({
  name: 'rename-external-id',
  description,
  endpoint: { ...WRITE, path: 'users/external_ids/rename', permission: 'users.external_ids.rename' },
  identifiers: ['external_id'],
  exactIdentity: true,
  payload: object({ new_external_id: required(shortText) }),
  toRequest: ({ new_external_id }, { identity: { identifier } }) => ({
    body: { external_id_renames: [{ current_external_id: identifier.external_id, new_external_id }] },
    paths: { external_id_renames: ['new_external_id'] },
  }),
});

export const setEmailStatus = defineNode({
  name: 'set-email-status',
  description,
  endpoint: { ...SETTING, path: 'email/status', permission: 'email.status' },
  identifiers: ['email'],
  payload: object({ subscription_state: required(subscriptionState) }),
  toRequest: (payload, { identity }) => ({ body: { ...identity.identifier, ...payload } }),
});

export const deleteUser = defineNode({
  name: 'delete-user',
  description,
  endpoint: {
    ...{ ...WRITE, path: 'users/delete', permission: 'users.delete' },
    isAnswer: (status, { deleted }) => isOk(status) && typeof deleted === 'number',
  },
  identifiers: ['external_id'],
  exactIdentity: true,
  payload: object({}),
  toRequest: (_payload, { identity }) => ({ body: { external_ids: [identity.identifier.external_id] } }),
  outcomes: { deleted: 'true', not_found: 'false' },
  readResponse: ({ body: { deleted } }) =>
    deleted === 0
      ? { outcome: 'not_found', detail: 'Braze does not know the person.' }
      : { outcome: 'deleted', detail: 'Braze has deleted the person.' },
});

export const sendSms = defineNode({
  name: 'send-sms',
  description,
  endpoint: { ...WRITE, path: 'messages/send', permission: 'messages.send', bestBeforeMs: 600_000 },
  identifiers: ['external_id'],
  payload: object({
    subscription_group_id: required(subscription_group_id),
    app_id: required(shortText),
    body: longText,
  }),
  toRequest: ({ body, ...sms }, { identity: { identifier } }) =>
    body === undefined
      ? undefined
      : { body: { external_user_ids: [identifier.external_id], messages: { sms: { ...sms, body } } } },
});

const allowAgain = (name: string, path: string, permission: string) => ({
  ...{ name, description, endpoint: { ...SETTING, path, permission }, identifiers: [] },
});

export const allowPhones = defineNode({
  ...allowAgain('allow-phones', 'sms/invalid_phone_numbers/remove', 'sms.invalid_phone_numbers.remove'),
  payload: object({ phone_numbers: required(list(phone)) }),
  toRequest: (payload) => ({ body: payload }),
});

export const removeBounce = defineNode({
  ...allowAgain('remove-bounce', 'email/bounce/remove', 'email.bounce.remove'),
  payload: object({ email: required(email) }),
  toRequest: (payload) => ({ body: payload }),
});

export const removeSpam = defineNode({
  ...allowAgain('remove-spam', 'email/spam/remove', 'email.spam.remove'),
  payload: object({ email: required(email) }),
  toRequest: (payload) => ({ body: payload }),
});

export const updateCatalogItem = defineNode({
  name: 'update-catalog-item',
  description,
  endpoint: {
    ...{ ...SETTING, method: 'PATCH', path: 'catalogs/{catalog_name}/items/{item_id}' },
    permission: 'catalogs.update_item',
    isAnswer: (status, body) => hasSuccessMessage(status, body) || (status === 404 && Array.isArray(body.errors)),
  },
  identifiers: [],
  payload: object({ catalog_name: required(shortText), item_id: required(shortText), name: required(shortText) }),
  toRequest: ({ name, ...parameters }) => ({ parameters, body: { items: [{ name }] } }),
  outcomes: { updated: 'true', not_found: 'false' },
  readResponse: ({ status }) =>
    status === 404
      ? { outcome: 'not_found', detail: 'Braze has no such item, or no such catalog.' }
      : { outcome: 'updated', detail: 'Braze has changed the item.' },
});
