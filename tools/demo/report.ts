import { styleText } from 'node:util';
import type { RequestRecord } from '../../emulators/braze/gateway.ts';
import type { Profile } from '../../emulators/braze/workspace.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../emulators/json.ts';
import { INVALID_REASONS, type InvalidReason } from '../../lib/payload/invalid-reason.ts';
import { toPrintable, toPrintableJson } from '../printable.ts';
import { type Invocation, STAGE } from './invoke.ts';
import type { Options } from './options.ts';

/** What happened in one run of the demo. */
export interface Run {
  readonly options: Options;
  readonly permission: string;
  readonly invocation: Invocation;
  readonly requests: readonly RequestRecord[];
  /** What the functions put into queues. */
  readonly messages: readonly { readonly queue: string; readonly body: Json | undefined }[];
  /** The batch of `redeliver`, where it was called once Braze answered again. */
  readonly redelivery?: Invocation;
  readonly profiles: readonly Profile[];
  /** The paths that the node left out, and why. */
  readonly invalid: ReadonlyMap<string, InvalidReason>;
}

const WIDTH = Math.min(Math.max(process.stdout.columns || 110, 80), 120);
const MAX_ROWS = 16;

const cut = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 1)}…`);

type Row = readonly [name: string, value: Json];

/** Names and values side by side, each on one line, unless everything is asked for. */
const toTable = (rows: readonly Row[], verbose: boolean): readonly string[] => {
  const shown = verbose ? rows : rows.slice(0, MAX_ROWS);
  const width = Math.min(30, Math.max(0, ...shown.map(([name]) => name.length)));
  const lines = shown.map(([name, value]) => {
    const line = `  ${toPrintable(name).padEnd(width)}  ${toPrintableJson(value)}`;
    return verbose ? line : cut(line, WIDTH);
  });
  return shown.length < rows.length ? [...lines, `  … and ${rows.length - shown.length} more (--verbose)`] : lines;
};

const isTypedValue = (value: JsonObject): boolean => Object.keys(value).every((key) => key.startsWith('$'));

/** Each value with its path; typed values such as `{"$list": "a, b"}` stay in one piece. */
const toLeaves = (value: Json, path = ''): readonly Row[] => {
  if (!isObject(value) || isTypedValue(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, member]) => toLeaves(member, path === '' ? key : `${path}.${key}`));
};

const isFilled = (value: Json): boolean => typeof value !== 'object' || value === null || Object.keys(value).length > 0;

const toProfileRows = (profile: Profile): readonly Row[] => {
  const { attributes, custom_attributes, events, purchases, canvas_entries, campaign_sends } = profile;
  const rows: readonly Row[] = [
    ['external_id', profile.external_id ?? {}],
    ['user_aliases', profile.user_aliases.map(({ alias_name, alias_label }) => `${alias_label}:${alias_name}`)],
    ['subscription_groups', profile.subscription_groups],
    ...Object.entries(attributes),
    ...Object.entries(custom_attributes),
    ...events.map(({ name, properties }): Row => [`event ${name}`, properties]),
    ...purchases.map(({ product_id, price, currency }): Row => [`purchase ${product_id}`, `${price} ${currency}`]),
    ...canvas_entries.map(({ canvas_id, context }): Row => [`Canvas ${canvas_id}`, context]),
    ...campaign_sends.map(
      ({ campaign_id, trigger_properties }): Row => [`campaign ${campaign_id}`, trigger_properties],
    ),
  ];
  return rows.filter(([name, value]) => isFilled(value) || name.includes(' '));
};

/** Keys of users/track that steer Braze, and the time of an event, which Braze moves from the future to now. */
const NOT_READ_BACK = ['partner', '_update_existing_only', '_merge_objects', 'time'];

const toSentValues = (value: Json): readonly Json[] => {
  if (isArray(value)) return value.flatMap(toSentValues);
  if (!isObject(value)) return value === null ? [] : [value];
  return Object.entries(value).flatMap(([name, member]) => (NOT_READ_BACK.includes(name) ? [] : toSentValues(member)));
};

/** Compares a users/track request with the emulated Braze: how many of its values are stored, and whether any twice. */
const readBack = ({ requests, profiles }: Run) => {
  const { path, json } = requests.at(-1) ?? {};
  const body = path === '/users/track' && isObject(json) ? json : {};
  const sent = toSentValues(body);
  const held = JSON.stringify(profiles);
  const found = sent.filter((value) => held.includes(JSON.stringify(value)));
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
  const occurrences = sum(profiles.flatMap(({ events, purchases }) => [events.length, purchases.length]));
  const objects = sum([body.events, body.purchases].filter(isArray).map(({ length }) => length));
  return { sent: sent.length, found: found.length, doubled: sent.length > 0 && occurrences > objects };
};

/** Whether the run went as it must: an answer that is not an error, or a fault that was asked for, and nothing lost. */
export const isGood = (run: Run): boolean => {
  const { answer } = run.invocation;
  const { sent, found, doubled } = readBack(run);
  const delivered = run.redelivery !== undefined || answer.outcome === 'sent';
  if (doubled || (delivered && found < sent)) return false;
  return answer.success !== 'error' || run.options.fault !== undefined;
};

const mark = (good: boolean): string => (good ? styleText('green', '✓') : styleText('red', '✗'));

const toVerdict = (run: Run): readonly string[] => {
  const { answer } = run.invocation;
  const { sent, found, doubled } = readBack(run);
  const good = isGood(run);
  const counts = `${found} of ${sent} values found in Braze, ${doubled ? 'some of them twice' : 'no duplicates'}.`;
  return [
    `${mark(good)} ${styleText('bold', String(answer.outcome))}: ${answer.detail}`,
    `  The flow takes the branch of success "${answer.success}".`,
    ...(run.redelivery === undefined ? [] : ['  Then Braze answered again, and redeliver sent the queued request.']),
    ...(sent === 0 ? [] : [`${found === sent && !doubled ? mark(true) : ' '} ${counts}`]),
  ];
};

const toHeading = (title: string, note = ''): string =>
  `\n${styleText(['bold', 'cyan'], title)}${note === '' ? '' : ` ${styleText('dim', note)}`}`;

const toLeftOut = (run: Run): readonly string[] => {
  const paths = String(run.invocation.answer.BRAZE_INVALID_FIELDS ?? '');
  if (paths === '') return [];
  return [
    toHeading('Left out'),
    ...paths.split(',').map((path) => {
      const reason = run.invalid.get(path) ?? 'refused_by_braze';
      return `  ${toPrintable(path)}: ${INVALID_REASONS[reason]} (${reason})`;
    }),
  ];
};

const COMMON_KEYS = ['success', 'outcome', 'detail', 'BRAZE_INVALID_FIELDS'];

/** What Braze answers success to and does not keep as it was sent. */
const toNotes = ({ requests }: Run): readonly string[] => {
  const { dropped = [], changed = [] } = requests.at(-1) ?? {};
  const notes = [...dropped, ...changed].map(({ path, why }) => `  ${toPrintable(path)}: ${toPrintable(why)}`);
  return notes.length === 0 ? [] : [toHeading('Braze drops or changes'), ...notes];
};

/** What a look-up found. */
const toFoundValues = ({ invocation: { answer } }: Run): readonly string[] => {
  const values = Object.entries(answer).filter(([key]) => !COMMON_KEYS.includes(key));
  return values.length === 0 ? [] : [toHeading('The flow gets'), ...toTable(values, false)];
};

const toStatuses = (requests: readonly RequestRecord[]): string =>
  requests.map(({ status }) => (status === undefined ? 'no answer' : String(status))).join(', then ');

/** Why Braze refuses a request, in its own words. */
const toRefusal = ({ requests }: Run): readonly string[] => {
  const { status, answer = '' } = requests.at(-1) ?? {};
  return status === 400 ? [toHeading('Braze refuses the request'), `  ${toPrintable(answer)}`] : [];
};

const toJsonLines = (value: unknown): readonly string[] =>
  toPrintableJson(value, 2)
    .split('\n')
    .map((line) => `  ${line}`);

const toDetails = ({ invocation, requests, messages, redelivery }: Run): readonly string[] => [
  toHeading('The request'),
  ...toJsonLines(requests.at(-1)?.json ?? null),
  ...messages.flatMap(({ queue, body }) => [toHeading(`The message in the queue ${queue}`), ...toJsonLines(body)]),
  ...(invocation.pypestreamLog === undefined
    ? []
    : [toHeading('What BrazeNode.py logged'), ...invocation.pypestreamLog.map((line) => `  ${toPrintable(line)}`)]),
  toHeading('The log line'),
  ...toJsonLines(invocation.log),
  toHeading('The answer'),
  ...toJsonLines(invocation.answer),
  ...(redelivery === undefined ? [] : [toHeading('The answer of redeliver'), ...toJsonLines(redelivery.answer)]),
];

const toRealWorkspace = ({ options: { isEvent, file, node }, permission }: Run): readonly string[] => [
  '',
  'Braze, SSM and SQS were emulators on this machine: nothing was tested against a real Braze workspace.',
  `To do that in ten minutes, create a test workspace in Braze and an API key with ${permission}, then run`,
  `  npm run configure -- --stage ${STAGE}`,
  `  npx serverless invoke local -f ${node} -s ${STAGE} -p ${isEvent ? file : `events/${node}.json`}`,
  'and look at the profile and its event history in the dashboard (Audience > Search Users).',
];

/** The whole output: the verdict first, the rest below it. */
export const toReport = (run: Run): string => {
  const { options, requests, profiles } = run;
  const { node, file, event, fault, verbose, throughPypestream } = options;
  const way = throughPypestream ? 'BrazeNode.py, signed HTTP, handler' : 'serverless invoke local';
  const last = requests.at(-1);
  const received =
    last === undefined ? 'it received nothing' : `${last.method} ${last.path}, answered ${toStatuses(requests)}`;
  const rows = profiles.flatMap(toProfileRows);
  return [
    ...toVerdict(run),
    toHeading(
      'The conversation says',
      `(${file} to ${node}, by ${way}${fault === undefined ? '' : `; Braze: ${fault}`})`,
    ),
    ...toTable(toLeaves(event.payload), verbose),
    ...(verbose ? ['  with the context', ...toTable(toLeaves(event.context), verbose)] : []),
    ...toLeftOut(run),
    ...toFoundValues(run),
    ...toRefusal(run),
    toHeading('Braze holds', `(${received})`),
    ...(rows.length === 0 ? ['  no profile'] : toTable(rows, verbose)),
    ...toNotes(run),
    ...(verbose ? toDetails(run) : []),
    ...toRealWorkspace(run),
  ].join('\n');
};
