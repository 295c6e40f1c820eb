import { isDeepStrictEqual, styleText } from 'node:util';
import type { Profile, ReceivedRequest } from '../../emulators/braze.ts';
import { isObject, type Json, type JsonObject } from '../../emulators/json.ts';
import * as print from './print.ts';
import type { Kept } from './queues.ts';
import type { Invoked } from './serverless.ts';

type Rows = readonly (readonly [string, Json])[];

const isTypedValue = (value: JsonObject): boolean => Object.keys(value).every((key) => key.startsWith('$'));

/** Each value with its path; typed values such as `{"$list": "a, b"}` stay in one piece. */
const leaves = (value: Json, path = ''): Rows => {
  if (!isObject(value) || isTypedValue(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, member]) => leaves(member, path === '' ? key : `${path}.${key}`));
};

export const conversation = (event: Json): void => {
  const { payload = null, context = null } = isObject(event) ? event : {};
  print.section('What the conversation gave');
  print.rows(leaves(payload));
  if (context === null) return;
  print.note('and its context:');
  print.rows(leaves(context));
};

const statusOf = ({ status }: ReceivedRequest): string => (status === undefined ? 'no answer' : String(status));

/** With a body that was shown before, it is enough to say so. */
const body = (value: Json, before: Json | undefined): void => {
  if (isDeepStrictEqual(value, before)) print.note('The body is the one above, unchanged.');
  else print.json(value);
};

export const requests = (received: readonly ReceivedRequest[], before?: Json): void => {
  const last = received.at(-1);
  print.section('The request Braze received');
  if (last === undefined) {
    print.note('None.');
    return;
  }
  const { method, path, headers, json } = last;
  const authorization = headers.authorization?.replace(/\S+$/, '****');
  print.note(
    `${method} ${path}, Authorization: ${authorization}, answered with ${received.map(statusOf).join(', then ')}`,
  );
  body(json ?? null, before);
};

const eventRow = ({ name, time, properties }: Profile['events'][number]) =>
  [name, { time, ...(Object.keys(properties).length > 0 && { properties }) }] as const;

const isSaid = (value: Json): boolean => typeof value !== 'object' || value === null || Object.keys(value).length > 0;

const profileRows = (profile: Profile): Rows => {
  const { attributes, custom_attributes, events, purchases, canvas_entries, campaign_sends } = profile;
  const histories: Rows = [
    ...events.map(eventRow).map(([name, event]): [string, Json] => [`event ${name}`, event]),
    ...purchases.map(({ product_id, ...purchase }): [string, Json] => [`purchase ${product_id}`, { ...purchase }]),
    ...canvas_entries.map(({ canvas_id, context }): [string, Json] => [`Canvas ${canvas_id}`, context]),
    ...campaign_sends.map(({ campaign_id, trigger_properties }): [string, Json] => [
      `campaign ${campaign_id}`,
      trigger_properties,
    ]),
  ];
  const identity: Rows = [
    ['external_id', profile.external_id ?? {}],
    ['user_aliases', profile.user_aliases.map(({ alias_name, alias_label }) => ({ alias_name, alias_label }))],
    ['subscription_groups', profile.subscription_groups],
  ];
  return [
    ...identity.filter(([, value]) => isSaid(value)),
    ...Object.entries(attributes),
    ...Object.entries(custom_attributes),
    ...histories,
  ];
};

export const profiles = (title: string, held: readonly Profile[]): void => {
  print.section(title);
  if (held.length === 0) print.note('Nobody is there.');
  held.forEach((profile, index) => {
    if (index > 0) print.note('and');
    print.rows(profileRows(profile));
  });
};

export const log = ({ log: line }: Invoked): void => {
  print.section('The log line');
  if (line === undefined) {
    print.note('None.');
    return;
  }
  const { _aws, ...rest } = line;
  print.logLine(rest);
  if (_aws !== undefined) print.note('(and _aws, from which CloudWatch makes its metrics)');
};

const BRANCHES: ReadonlyMap<Json | undefined, string> = new Map([
  ['true', 'the conversation goes on'],
  ['false', 'the branch for "no"'],
  ['error', 'the error branch of the flow, which takes care of the person'],
]);

export const answer = ({ answer: given }: Invoked): void => {
  print.section('The answer, and the branch the flow takes');
  print.rows(Object.entries(given));
  const { success, outcome } = given;
  const branch = BRANCHES.get(success) ?? 'no branch: this value is not in the contract';
  console.log(`\n  ${styleText('bold', `success: ${success} -> ${branch}`)}   (outcome: ${outcome})`);
};

export const messages = (kept: readonly Kept[], before: Json): void => {
  for (const { queue, reason, message } of kept) {
    const { request = null, reason: _, ...rest } = message;
    print.section(`The message in the ${queue} queue`);
    print.rows([['reason', reason ?? null], ...Object.entries(rest)]);
    body(request, before);
  }
};
