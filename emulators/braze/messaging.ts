import { countJsonBytes, isArray, isObject, isText, type Json, type JsonObject } from '../json.ts';
import { readUpdates, type Update } from './attributes.ts';
import {
  API,
  below,
  type Call,
  type Endpoint,
  ItemError,
  type Reply,
  RequestError,
  readTexts,
  SHARED,
  success,
} from './endpoint.ts';
import { isEventTime, parseEventTime } from './values.ts';
import {
  type Identifier,
  type MessageStatus,
  type ProfileRecord,
  randomHex,
  readAlias,
  readPrioritization,
} from './workspace.ts';

const MAX_PROPERTIES_BYTES = 50 * 1024;
const MAX_RECIPIENTS = 50;
const DAY_MS = 86_400_000;
const MAX_SCHEDULE_MS = 90 * DAY_MS;

interface Recipient {
  readonly identifier: Identifier;
  readonly prioritization: readonly string[];
  readonly mayCreate: boolean;
  readonly updates: readonly Update[];
  readonly properties: JsonObject;
}

const RECIPIENT_KEYS = ['external_user_id', 'user_alias', 'braze_id', 'email'];

const readIdentifier = (item: JsonObject, keys: readonly string[]): Identifier => {
  const { external_user_id, user_alias, braze_id, email } = item;
  const wrong = new RequestError(`A recipient must have exactly one of ${keys.join(', ')}`);
  if (RECIPIENT_KEYS.filter((key) => Object.hasOwn(item, key)).length !== 1) throw wrong;
  if (!keys.some((key) => Object.hasOwn(item, key))) throw wrong;
  if (isText(external_user_id)) return { external_id: external_user_id };
  if (isText(braze_id)) return { braze_id };
  if (isText(email)) return { email };
  const alias = readAlias(user_alias);
  if (!alias) throw wrong;
  return { user_alias: alias };
};

const readAttributes = (attributes: Json | undefined, call: Call, path: string): readonly Update[] => {
  if (attributes === undefined) return [];
  if (!isObject(attributes)) throw new RequestError("'attributes' of a recipient must be an object");
  try {
    const notes = { drop: below(call.drop, `${path}.attributes`), change: below(call.change, `${path}.attributes`) };
    return readUpdates(attributes, call, notes);
  } catch (error) {
    throw error instanceof ItemError ? new RequestError(error.message) : error;
  }
};

const readMayCreate = ({ send_to_existing_only, attributes }: JsonObject, identifier: Identifier): boolean => {
  if (send_to_existing_only !== false) return false;
  if ('user_alias' in identifier) throw new RequestError("'send_to_existing_only' can't be false with an alias");
  if (!isObject(attributes)) throw new RequestError("'send_to_existing_only' can be false only with 'attributes'");
  return true;
};

const readProperties = (object: JsonObject, keys: readonly string[]): JsonObject => {
  const key = keys.find((name) => object[name] !== undefined);
  const properties = key === undefined ? {} : object[key];
  if (!isObject(properties)) throw new RequestError(`'${key}' must be an object`);
  if (countJsonBytes(properties) > MAX_PROPERTIES_BYTES) throw new RequestError('The properties are over 50 KB');
  return properties;
};

/** https://www.braze.com/docs/api/objects_filters/recipient_object/ */
const readRecipient = (value: Json, call: Call, path: string, propertyKeys: readonly string[]): Recipient => {
  const item = isObject(value) ? value : {};
  const identifier = readIdentifier(item, RECIPIENT_KEYS);
  const prioritization = readPrioritization(item.prioritization);
  if ('email' in identifier && !prioritization) throw new RequestError("'prioritization' is not valid");
  return {
    identifier,
    prioritization: prioritization ?? [],
    mayCreate: readMayCreate(item, identifier),
    updates: readAttributes(item.attributes, call, path),
    properties: readProperties(item, propertyKeys),
  };
};

/** The recipients of a message; undefined for an explicit broadcast. */
const readRecipients = (call: Call, propertyKeys: readonly string[]): readonly Recipient[] | undefined => {
  const { recipients, broadcast } = call.body;
  if (recipients === undefined && broadcast === true) return undefined;
  if (!isArray(recipients) || recipients.length === 0) throw new RequestError('No Recipients');
  if (broadcast === true) throw new RequestError("'broadcast' can't be true with 'recipients'");
  if (recipients.length > MAX_RECIPIENTS) throw new RequestError('The max number of ids per request was exceeded');
  return recipients.map((value, index) => readRecipient(value, call, `recipients.${index}`, propertyKeys));
};

/** The profile that is sent to, with the attributes of the recipient already set. */
const reach = ({ workspace }: Call, { identifier, prioritization, mayCreate, updates }: Recipient) => {
  const known = workspace.choose(identifier, prioritization);
  const isNew = !known && mayCreate && !('braze_id' in identifier) && workspace.matches(identifier).length === 0;
  const profile = isNew ? workspace.create(identifier) : known;
  if (!profile) return undefined;
  for (const update of updates) update(profile);
  if (updates.length > 0) workspace.touch(profile);
  return profile;
};

interface MessageKind {
  readonly name: 'Canvas' | 'Campaign';
  readonly folder: 'canvas' | 'campaigns';
  readonly idKey: 'canvas_id' | 'campaign_id';
  /** The key of the properties, and what it used to be called. */
  readonly propertyKeys: readonly string[];
  readonly pages: { readonly send: string; readonly schedule: string; readonly unschedule: string };
  record(profile: ProfileRecord, id: string, dispatch_id: string, properties: JsonObject): void;
}

const canvas: MessageKind = {
  name: 'Canvas',
  folder: 'canvas',
  idKey: 'canvas_id',
  propertyKeys: ['context', 'canvas_entry_properties'],
  pages: {
    send: 'post_send_triggered_canvases',
    schedule: 'post_schedule_triggered_canvases',
    unschedule: 'post_delete_scheduled_triggered_canvases',
  },
  record: ({ canvas_entries }, canvas_id, dispatch_id, context) => {
    canvas_entries.push({ canvas_id, dispatch_id, context });
  },
};

const campaign: MessageKind = {
  name: 'Campaign',
  folder: 'campaigns',
  idKey: 'campaign_id',
  propertyKeys: ['trigger_properties'],
  pages: {
    send: 'post_send_triggered_campaigns',
    schedule: 'post_schedule_triggered_campaigns',
    unschedule: 'post_delete_scheduled_triggered_messages',
  },
  record: ({ campaign_sends }, campaign_id, dispatch_id, trigger_properties) => {
    campaign_sends.push({ campaign_id, dispatch_id, trigger_properties });
  },
};

const findStatus = (
  statuses: Readonly<Record<string, MessageStatus>>,
  id: Json | undefined,
): { readonly id: string; readonly status: MessageStatus } | undefined => {
  const status = isText(id) && Object.hasOwn(statuses, id) ? statuses[id] : undefined;
  return isText(id) && status !== undefined ? { id, status } : undefined;
};

const readMessage = ({ name, folder, idKey }: MessageKind, { body, settings }: Call) => {
  const statuses = folder === 'canvas' ? settings.canvases : settings.campaigns;
  const found = findStatus(statuses, body[idKey]);
  if (!found) throw new RequestError(`Invalid ${name} ID`);
  return found;
};

const send = (kind: MessageKind, call: Call): Reply => {
  const { id, status } = readMessage(kind, call);
  const general = readProperties(call.body, kind.propertyKeys);
  const recipients = readRecipients(call, kind.propertyKeys);
  const dispatch_id = randomHex(32);
  const body = { dispatch_id, message: 'success' };
  if (status !== 'active') {
    const notice = `The ${kind.name} is ${status}. Resume it to ensure trigger requests will take effect.`;
    return { status: 201, body: { ...body, notice } };
  }
  // Of a person named twice, the last properties win.
  const sends = new Map<ProfileRecord, JsonObject>();
  if (!recipients) for (const profile of call.workspace.all) sends.set(profile, {});
  for (const recipient of recipients ?? []) {
    const profile = reach(call, recipient);
    if (profile) sends.set(profile, recipient.properties);
  }
  for (const [profile, properties] of sends) kind.record(profile, id, dispatch_id, { ...general, ...properties });
  return { status: 201, body };
};

/** Keeps the schedule, and never runs it. */
const schedule = (kind: MessageKind, call: Call): Reply => {
  const { id } = readMessage(kind, call);
  readProperties(call.body, kind.propertyKeys);
  readRecipients(call, kind.propertyKeys);
  const { time } = isObject(call.body.schedule) ? call.body.schedule : {};
  if (!isText(time) || !isEventTime(time)) throw new RequestError("'schedule' must have a 'time' in ISO 8601");
  const wait = parseEventTime(time) - call.now;
  if (wait <= 0 || wait > MAX_SCHEDULE_MS) throw new RequestError("'time' must be within the next 90 days");
  const schedule_id = randomHex(24);
  call.workspace.schedules.set(schedule_id, `${kind.folder}/${id}`);
  return { status: 201, body: { dispatch_id: randomHex(32), schedule_id, message: 'success' } };
};

/** Braze does not document the answer for a schedule that is unknown or was sent already. */
const unschedule = (kind: MessageKind, call: Call): Reply => {
  const { id } = readMessage(kind, call);
  const { schedule_id } = call.body;
  const isKnown = isText(schedule_id) && call.workspace.schedules.get(schedule_id) === `${kind.folder}/${id}`;
  if (!isKnown) throw new RequestError('Invalid Schedule ID');
  call.workspace.schedules.delete(schedule_id);
  return success();
};

const triggered = (kind: MessageKind): readonly Endpoint[] => [
  {
    method: 'POST',
    path: `${kind.folder}/trigger/send`,
    permission: `${kind.folder}.trigger.send`,
    rate: SHARED,
    page: `${API}/messaging/send_messages/${kind.pages.send}/`,
    respond: (call) => send(kind, call),
  },
  {
    method: 'POST',
    path: `${kind.folder}/trigger/schedule/create`,
    permission: `${kind.folder}.trigger.schedule.create`,
    rate: SHARED,
    page: `${API}/messaging/schedule_messages/${kind.pages.schedule}/`,
    respond: (call) => schedule(kind, call),
  },
  {
    method: 'POST',
    path: `${kind.folder}/trigger/schedule/delete`,
    permission: `${kind.folder}.trigger.schedule.delete`,
    rate: SHARED,
    page: `${API}/messaging/schedule_messages/${kind.pages.unschedule}/`,
    respond: (call) => unschedule(kind, call),
  },
];

const readTransactionalCampaign = ({ params, settings }: Call): string => {
  const found = findStatus(settings.campaigns, params.campaign_id);
  if (!found) throw new RequestError('Campaign does not exist');
  const { id, status } = found;
  if (status === 'paused') {
    throw new RequestError('The campaign is paused. Resume the campaign in order for trigger requests to take effect.');
  }
  if (status === 'archived') {
    throw new RequestError(
      'The campaign is archived. Unarchive the campaign in order for trigger requests to take effect.',
    );
  }
  return id;
};

/** A repeated `external_send_id` sends nothing again for a day. */
const sendTransactional = (call: Call): Reply => {
  const { body, workspace, now } = call;
  const campaign_id = readTransactionalCampaign(call);
  const { external_send_id, recipient } = body;
  if (external_send_id !== undefined && !(isText(external_send_id) && /^[a-zA-Z0-9-_+/=]+$/.test(external_send_id))) {
    throw new RequestError("'external_send_id' is not valid");
  }
  const item = isObject(recipient) ? recipient : {};
  const identifier = readIdentifier(item, ['external_user_id', 'user_alias']);
  const updates = readAttributes(item.attributes, call, 'recipient');
  const trigger_properties = readProperties(body, ['trigger_properties']);

  const earlier = isText(external_send_id) ? workspace.transactional.get(external_send_id) : undefined;
  const isRepeated = earlier !== undefined && now - earlier.at < DAY_MS;
  const dispatch_id = isRepeated ? earlier.dispatch_id : randomHex(32);
  if (!isRepeated) {
    if (isText(external_send_id)) workspace.transactional.set(external_send_id, { dispatch_id, at: now });
    const mayCreate = 'external_id' in identifier && item.attributes !== undefined;
    const profile = reach(call, { identifier, prioritization: [], mayCreate, updates, properties: {} });
    profile?.campaign_sends.push({ campaign_id, dispatch_id, trigger_properties });
  }
  const metadata = {
    received_at: new Date(now).toISOString(),
    campaign_api_id: campaign_id,
    ...(isText(external_send_id) && { external_send_id }),
  };
  return { status: 201, body: { dispatch_id, status: 'sent', metadata } };
};

const readUserAliases = ({ body }: Call): readonly Identifier[] => {
  const { user_aliases = [] } = body;
  if (!isArray(user_aliases)) throw new RequestError("'user_aliases' must be an array of objects");
  return user_aliases.map((value) => {
    const alias = readAlias(value);
    if (!alias) throw new RequestError("'user_aliases' must be an array of objects");
    return { user_alias: alias };
  });
};

const sendMessages = (call: Call): Reply => {
  const { messages, segment_id, audience, broadcast } = call.body;
  const people = [
    ...readTexts(call.body, 'external_user_ids').map((external_id) => ({ external_id })),
    ...readUserAliases(call),
  ];
  if (people.length > MAX_RECIPIENTS) throw new RequestError('The max number of ids per request was exceeded');
  const isToGroup = isText(segment_id) || isObject(audience) || broadcast === true;
  if (people.length === 0 && !isToGroup) throw new RequestError('No Recipients');
  if (!isObject(messages) || !Object.values(messages).some(isObject)) throw new RequestError('No message to send');
  const dispatch_id = randomHex(32);
  const reached = new Set(people.flatMap((identifier) => call.workspace.matches(identifier)));
  for (const { message_sends } of reached) message_sends.push({ dispatch_id, messages });
  return { status: 201, body: { dispatch_id, message: 'success' } };
};

export const messagingEndpoints: readonly Endpoint[] = [
  ...triggered(canvas),
  ...triggered(campaign),
  {
    method: 'POST',
    path: 'transactional/v1/campaigns/{campaign_id}/send',
    permission: 'transactional.send',
    rate: undefined,
    page: `${API}/messaging/send_messages/post_send_transactional_message/`,
    respond: sendTransactional,
  },
  {
    method: 'POST',
    path: 'messages/send',
    permission: 'messages.send',
    rate: SHARED,
    page: `${API}/messaging/send_messages/post_send_messages/`,
    respond: sendMessages,
  },
];
