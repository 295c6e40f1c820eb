import { randomBytes } from 'node:crypto';
import { bytesOf, isText, type JsonObject } from '../json.ts';
import { type Call, type Endpoint, type Reply, SHARED } from './endpoint.ts';
import type { ProfileRecord } from './profile.ts';
import { propertiesIn, type Recipient, reach, recipientsOf } from './recipient.ts';
import { RequestRefused } from './refusal.ts';
import type { MessageStatus, Permission, Settings } from './settings.ts';

const MAX_BYTES = 50 * 1024;

interface Message {
  readonly kind: 'Canvas' | 'Campaign';
  readonly permission: Permission;
  readonly idKey: 'canvas_id' | 'campaign_id';
  /** The key of the properties, and what it used to be called. */
  readonly propertyKeys: readonly string[];
  known(settings: Settings): Readonly<Record<string, MessageStatus>>;
  record(profile: ProfileRecord, id: string, dispatch_id: string, properties: JsonObject): void;
}

const statusOf = ({ kind, known, idKey }: Message, { body, settings }: Call): { id: string; status: MessageStatus } => {
  const id = body[idKey];
  const messages = new Map(Object.entries(known(settings)));
  const status = isText(id) ? messages.get(id) : undefined;
  if (!isText(id) || !status) throw new RequestRefused(`Invalid ${kind} ID`);
  return { id, status };
};

const withinSize = (properties: JsonObject): JsonObject => {
  if (bytesOf(properties) > MAX_BYTES) throw new RequestRefused('The properties are over 50 KB');
  return properties;
};

/** Who gets what. Of a person named twice, the last properties win. */
const sendsOf = (call: Call, recipients: readonly Recipient[] | undefined): Map<ProfileRecord, JsonObject> => {
  if (!recipients) return new Map(call.workspace.all.map((profile) => [profile, {}]));
  const sends = new Map<ProfileRecord, JsonObject>();
  for (const recipient of recipients) {
    const profile = reach(call, recipient);
    if (profile) sends.set(profile, recipient.properties);
  }
  return sends;
};

const send = (message: Message, call: Call): Reply => {
  const { id, status } = statusOf(message, call);
  const general = withinSize(propertiesIn(call.body, message.propertyKeys));
  const recipients = recipientsOf(call, message.propertyKeys);
  for (const { properties } of recipients ?? []) withinSize(properties);

  const dispatch_id = randomBytes(16).toString('hex');
  const success = { dispatch_id, message: 'success' };
  if (status !== 'active') {
    const notice = `The ${message.kind} is ${status}. Resume it to ensure trigger requests will take effect.`;
    return { status: 201, body: { ...success, notice } };
  }
  for (const [profile, properties] of sendsOf(call, recipients)) {
    message.record(profile, id, dispatch_id, { ...general, ...properties });
  }
  return { status: 201, body: success };
};

/** The endpoint that triggers a kind of message. */
export const triggerEndpoint = (message: Message): Endpoint => ({
  permission: message.permission,
  rate: SHARED,
  answer: (call) => send(message, call),
});
