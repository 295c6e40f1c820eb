import { type Braze, createBraze, type RequestRecord, type Seed } from '../emulators/braze/gateway.ts';
import { redeliver as redeliverNode } from '../handlers/redeliver.ts';
import type { Answer } from '../lib/answer.ts';
import { monotonicNow } from '../lib/clock.ts';
import { readSettings, type Settings } from '../lib/config/env.ts';
import type { Sqs } from '../lib/config/sqs-client.ts';
import { createIdentityToken } from '../lib/entry/identity-token.ts';
import { getOwn, isJsonObject, type Json, type JsonObject } from '../lib/json.ts';
import { createHandler } from '../lib/node/create-handler.ts';
import { createRedeliverHandler } from '../lib/node/create-redeliver-handler.ts';
import { clean } from '../lib/payload/clean.ts';
import type { Identifier, Identity } from '../lib/payload/identity.ts';
import { INVALID_REASONS, type InvalidReason } from '../lib/payload/invalid-reason.ts';
import type { ParsedPayload } from '../lib/payload/parse.ts';
import { FieldContext, InvalidPaths } from '../lib/payload/schema.ts';
import { createRuntime, type Runtime } from '../lib/runtime.ts';
import { connectTo, type Peer } from './emulated-braze.ts';
import { findNode, type PlaygroundNode } from './nodes.ts';
import { describeAccepted } from './schema-at.ts';
import type {
  CleanedValue,
  InvalidField,
  ObservableCall,
  Observed,
  ObservedRequest,
  Simulation,
} from './simulation.ts';
import type { BrazeMode, State } from './state.ts';
import { fillVariables } from './variables.ts';

/** What the simulation needs of the page's state. */
export type Conditions = Omit<State, 'input' | 'node' | 'decision' | 'routes'>;

const API_KEY = 'emulated-key';
const LINK_SECRET = 'only-for-the-links-of-this-page-itself';
const PARAMETERS: ReadonlyMap<string, string> = new Map([
  ['braze_url', 'https://rest.iad-01.braze.com'],
  ['braze_api_key', API_KEY],
  ['link_secret', LINK_SECRET],
]);
const QUEUES = { undelivered: 'https://sqs.example/undelivered', deadLetters: 'https://sqs.example/dead-letters' };

const FAULTS = {
  slow: 'slow:2000',
  hanging: 'hang',
  '429': '429:retry-after:30',
  'refuses a part': 'partial',
  'after processing': 'hang-after',
} as const;

const isFaulty = (mode: BrazeMode): mode is keyof typeof FAULTS => Object.hasOwn(FAULTS, mode);

/** The settings of a stage whose variables are these. */
const toSettings = ({ country, dateOrder }: Pick<Conditions, 'country' | 'dateOrder'>): Settings =>
  readSettings({
    STAGE: 'sandbox',
    SERVICE: 'playground',
    PARAMETER_PATH: '/playground/sandbox',
    DEFAULT_COUNTRY: country,
    DATE_ORDER: dateOrder,
    UNDELIVERED_QUEUE_URL: QUEUES.undelivered,
    DEAD_LETTER_QUEUE_URL: QUEUES.deadLetters,
  });

/** The address of the page with the chat, as a signed link of Braze would have opened it. */
const toPage = ({ page, linkedId }: Pick<Conditions, 'page' | 'linkedId'>): string => {
  if (linkedId === '') return page;
  const token = createIdentityToken(linkedId, Math.floor(Date.now() / 1_000) + 3_600, LINK_SECRET);
  return `${page}${page.includes('?') ? '&' : '?'}bz=${token}`;
};

/** Queues in memory: the text of each message by the URL of its queue. */
const createQueues = () => {
  const messages = new Map<string, string[]>([
    [QUEUES.undelivered, []],
    [QUEUES.deadLetters, []],
  ]);
  const sqs: Sqs = {
    sendMessage: async ({ QueueUrl = '', MessageBody = '' }) => {
      messages.get(QueueUrl)?.push(MessageBody);
    },
    changeMessageVisibility: async () => {},
  };
  return { messages, sqs };
};

const parseJson = (text: string): Json | undefined => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const findIdentifier = (parsed: ParsedPayload<unknown, Identity | undefined> | undefined): Identifier | undefined =>
  parsed?.kind === 'valid' ? parsed.call.identity?.identifier : undefined;

const toProfile = (braze: Braze, identifier: Identifier | undefined): JsonObject | undefined => {
  const profile = identifier && braze.profile(identifier);
  const json = profile && parseJson(JSON.stringify(profile));
  return isJsonObject(json) ? json : undefined;
};

/** The profiles in a text. Throws where it holds something else. */
const parseProfiles = (text: string): readonly Seed[] => {
  const people: Json = JSON.parse(text || '[]');
  const list = Array.isArray(people) ? people : [people];
  if (!list.every(isJsonObject)) throw new TypeError('It is not a list of objects.');
  return list;
};

/** Makes what the payload refers to exist in the emulated Braze, as it would in the designer's workspace. */
const createWorkspace = (payload: JsonObject, profiles: readonly Seed[]): Braze => {
  const text = (name: string) => String(getOwn(payload, name) ?? '');
  return createBraze({
    apiKey: API_KEY,
    canvases: { [text('canvas_id')]: 'active' },
    campaigns: { [text('campaign_id')]: 'active' },
    preferenceCenters: [text('preference_center_id')],
    catalogs: {
      [text('catalog_name')]: [{ id: text('item_id'), name: 'Lisbon city tour', price: 24.5, currency: 'EUR' }],
    },
    profiles,
  });
};

/** A workspace that holds the profiles in a text; nobody, and the problem, where they cannot be read. */
const tryWorkspace = (
  payload: JsonObject,
  text: string,
): { readonly braze: Braze; readonly profilesProblem: string } => {
  try {
    return { braze: createWorkspace(payload, parseProfiles(text)), profilesProblem: '' };
  } catch (error) {
    const profilesProblem = error instanceof Error ? error.message : String(error);
    return { braze: createWorkspace(payload, []), profilesProblem };
  }
};

const observe = ({ method, path, query, json, status, dropped, changed }: RequestRecord): ObservedRequest => ({
  method,
  path: query === '' ? path : `${path}?${query}`,
  body: json,
  answered: status === undefined ? 'nothing in time' : String(status),
  notes: [
    ...dropped.map(({ path: at, why }) => `${at} is dropped: ${why}`),
    ...changed.map(({ path: at, why }) => `${at} is changed: ${why}`),
  ],
});

/** A leaf of a payload: a text, a number, true, false or null. */
interface Leaf {
  readonly keys: readonly string[];
  readonly value: Json;
}

const findLeaves = (value: Json, keys: readonly string[] = []): readonly Leaf[] => {
  if (typeof value !== 'object' || value === null) return [{ keys, value }];
  return Object.entries(value).flatMap(([key, member]) => findLeaves(member, [...keys, key]));
};

const dig = (value: unknown, keys: readonly string[]): unknown =>
  keys.reduce((inner, key) => getOwn(inner, key), value);

const toText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What became of a leaf: what its field, or the field that holds it, was parsed into. */
const findParsed = (parsed: ReadonlyMap<string, unknown>, keys: readonly string[]): unknown => {
  for (let length = keys.length; length > 0; length -= 1) {
    const value = parsed.get(keys.slice(0, length).join('.'));
    if (value === undefined) continue;
    const rest = keys.slice(length);
    // `{"$number": "{PRICE}"}` becomes the value itself.
    return rest[0]?.startsWith('$') ? value : dig(value, rest);
  }
  return undefined;
};

/** Each value of the payload, as it arrived and as the node read it. */
const toCleanedValues = (
  payload: JsonObject,
  parsed: ReadonlyMap<string, unknown>,
  invalid: ReadonlyMap<string, InvalidReason>,
): readonly CleanedValue[] => {
  const cleaned = clean(payload, new FieldContext({ now: 0 }, new InvalidPaths()));
  return findLeaves(payload).map(({ keys, value }) => {
    const path = keys.join('.');
    const isInvalid = keys.some((_, index) => invalid.has(keys.slice(0, index + 1).join('.')));
    const found = findParsed(parsed, keys);
    // An object that a text became, such as the place of a value to look up, is of no interest to a designer.
    const became = found === undefined || isJsonObject(found as Json) ? dig(cleaned, keys) : found;
    const readAs = isInvalid || typeof became === 'symbol' || became === undefined ? undefined : toText(became);
    return { path, raw: toText(value), value: readAs, isInvalid };
  });
};

const toInvalidFields = (
  { schema }: PlaygroundNode,
  reasons: ReadonlyMap<string, InvalidReason>,
  answer: Answer,
): readonly InvalidField[] => {
  const refused = (answer.BRAZE_INVALID_FIELDS ?? '').split(',').filter((path) => path !== '' && !reasons.has(path));
  const all: readonly (readonly [string, InvalidReason])[] = [
    ...reasons,
    ...refused.map((path) => [path, 'refused_by_braze'] as const),
  ];
  return all.map(([path, reason]) => ({
    path,
    reason: INVALID_REASONS[reason],
    accepted: reason === 'refused_by_braze' ? undefined : describeAccepted(schema, path),
  }));
};

/** One call as it went, kept so that what was queued can be delivered later. */
interface Call {
  readonly braze: Braze;
  readonly connection: { peer: Peer };
  readonly runtime: Runtime;
  readonly messages: ReadonlyMap<string, string[]>;
  readonly refused: readonly ObservedRequest[];
  readonly simulation: Simulation;
  readonly identifier: Identifier | undefined;
}

/** Runs the handler of a node against an emulated Braze, with SSM and SQS in memory. */
const call = async (
  { definition }: PlaygroundNode,
  event: object,
  settings: Settings,
  braze: Braze,
  isDown = false,
) => {
  const { messages, sqs } = createQueues();
  const connection: { peer: Peer } = { peer: isDown ? 'down' : braze };
  const values = new Map<string, unknown>();
  const refused: ObservedRequest[] = [];
  let parsed: ParsedPayload<unknown, Identity | undefined> | undefined;
  let before: JsonObject | undefined;
  const runtime = createRuntime(settings, {
    send: connectTo(
      () => connection.peer,
      (method, path, body) =>
        refused.push({
          method,
          path,
          body: parseJson(body ?? ''),
          answered: 'nothing, it cannot be reached',
          notes: [],
        }),
    ),
    getParameters: async () => PARAMETERS,
    getSqs: () => sqs,
    write: () => {},
    observer: {
      onValue: (path, value) => values.set(path, value),
      onPayload: (payload) => {
        parsed = payload;
        before = toProfile(braze, findIdentifier(payload));
      },
    },
  });
  const answer = (await createHandler(definition, runtime)(event)) as Answer;
  return { answer, connection, runtime, messages, values, parsed, refused, before };
};

/** How many requests wait in each queue. */
const countQueued = (messages: ReadonlyMap<string, readonly string[]>) => ({
  undelivered: messages.get(QUEUES.undelivered)?.length ?? 0,
  deadLetters: messages.get(QUEUES.deadLetters)?.length ?? 0,
});

/**
 * Runs the real handlers against an emulated Braze, SSM and SQS in memory. Each run starts with a Braze that holds only
 * the profiles of `before`.
 */
export const createSimulator = () => {
  let last: Call | undefined;

  const run = async (name: string, input: JsonObject, conditions: Conditions): Promise<Simulation> => {
    const node = findNode(name);
    const { node: _, ...unfilled } = input;
    const filled = fillVariables(unfilled, conditions.variables);
    const payload = isJsonObject(filled) ? filled : {};
    const { platform, language } = conditions;
    const user_data = { platform, last_viewed_url: toPage(conditions), browser_language: language };
    const event = { payload, context: { env: 'sandbox', chat_id: 'playground', user_data } };

    const settings = toSettings(conditions);
    const { braze, profilesProblem } = tryWorkspace(payload, conditions.before);
    if (isFaulty(conditions.braze)) braze.fault(FAULTS[conditions.braze]);
    if (conditions.braze === 'wrong key') braze.apiKey = 'another-key';
    const startedAt = monotonicNow();
    const called = await call(node, event, settings, braze, conditions.braze === 'down');
    const { answer, connection, runtime, messages, values, parsed, refused, before } = called;
    const invalid = parsed?.invalid ?? new Map();
    const identifier = findIdentifier(parsed);
    const simulation: Simulation = {
      cleaned: toCleanedValues(payload, values, invalid),
      invalid: toInvalidFields(node, invalid, answer),
      requests: [...refused, ...braze.requests.map(observe)],
      profilesProblem,
      before,
      after: toProfile(braze, identifier),
      answer,
      ...countQueued(messages),
      isRedelivered: false,
      waitedMs: monotonicNow() - startedAt,
    };
    last = { braze, connection, runtime, messages, refused, simulation, identifier };
    return simulation;
  };

  /** Braze is well again, and what waits in the undelivered queue is sent. */
  const redeliver = async (): Promise<Simulation | undefined> => {
    if (last === undefined) return undefined;
    const { braze, connection, runtime, messages, refused, simulation, identifier } = last;
    braze.clearFaults();
    connection.peer = braze;
    const texts = messages.get(QUEUES.undelivered)?.splice(0) ?? [];
    const Records = texts.map((body, index) => ({
      messageId: `message-${index}`,
      receiptHandle: `message-${index}`,
      body,
      attributes: { ApproximateReceiveCount: '1' },
    }));
    await createRedeliverHandler(redeliverNode, runtime)({ Records });
    return {
      ...simulation,
      requests: [...refused, ...braze.requests.map(observe)],
      after: toProfile(braze, identifier),
      ...countQueued(messages),
      isRedelivered: true,
    };
  };

  return { run, redeliver };
};

/** The answers and requests of calls, each to an empty Braze: a test compares them with those of the deployed functions. */
export const observeCalls = async (calls: readonly ObservableCall[]): Promise<readonly Observed[]> => {
  const observed: Observed[] = [];
  for (const { node, payload, user_data, country, dateOrder } of calls) {
    const braze = createBraze({ apiKey: API_KEY });
    const settings = toSettings({ country, dateOrder });
    const event = { payload, context: { env: 'sandbox', user_data } };
    const { answer } = await call(findNode(node), event, settings, braze);
    const requests = braze.requests.map(({ method, path, query, json }) => ({ method, path, query, json }));
    observed.push({ answer, requests });
  }
  return observed;
};
