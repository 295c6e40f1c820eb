import { styleText } from 'node:util';
import type { RequestRecord } from '../../emulators/braze/gateway.ts';
import type { Profile } from '../../emulators/braze/workspace.ts';
import { isObject, type Json, type JsonObject } from '../../emulators/json.ts';
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

export const toProfileLines = (profiles: readonly Profile[], verbose = false): readonly string[] =>
  profiles.length === 0 ? ['  no profile'] : toTable(profiles.flatMap(toProfileRows), verbose);

/** Whether the run went as it must: an answer that is not an error, or a fault that was asked for. */
export const isGood = ({ invocation: { answer }, options: { fault } }: Run): boolean =>
  answer.success !== 'error' || fault !== undefined;

export const toMark = (good: boolean): string => (good ? styleText('green', '✓') : styleText('red', '✗'));

const toVerdict = (run: Run): readonly string[] => {
  const { answer } = run.invocation;
  return [
    `${toMark(isGood(run))} ${styleText('bold', String(answer.outcome))}: ${answer.detail}`,
    `  The flow takes the branch of success "${answer.success}".`,
    ...(run.redelivery === undefined ? [] : ['  Then Braze answered again, and redeliver sent the queued request.']),
  ];
};

export const toHeading = (title: string, note = ''): string =>
  `\n${styleText(['bold', 'cyan'], title)}${note === '' ? '' : ` ${styleText('dim', note)}`}`;

/** A heading and its lines, where there are any. */
const toSection = (title: string, lines: readonly string[], note = ''): readonly string[] =>
  lines.length === 0 ? [] : [toHeading(title, note), ...lines];

const toLeftOut = ({ invocation: { answer }, invalid }: Run): readonly string[] => {
  const paths = String(answer.BRAZE_INVALID_FIELDS ?? '').split(',');
  return paths.filter(Boolean).map((path) => {
    const reason = invalid.get(path) ?? 'refused_by_braze';
    return `  ${toPrintable(path)}: ${INVALID_REASONS[reason]} (${reason})`;
  });
};

const COMMON_KEYS = ['success', 'outcome', 'detail', 'BRAZE_INVALID_FIELDS'];

const toJsonLines = (value: unknown): readonly string[] =>
  toPrintableJson(value, 2)
    .split('\n')
    .map((line) => `  ${line}`);

const toDetails = ({ invocation, requests, messages, redelivery }: Run): readonly string[] => [
  ...toSection('The request', toJsonLines(requests.at(-1)?.json ?? null)),
  ...messages.flatMap(({ queue, body }) => toSection(`The message in the queue ${queue}`, toJsonLines(body))),
  ...toSection('What BrazeNode.py logged', invocation.pypestreamLog?.map((line) => `  ${toPrintable(line)}`) ?? []),
  ...toSection('The log line', toJsonLines(invocation.log)),
  ...toSection('The answer', toJsonLines(invocation.answer)),
  ...(redelivery === undefined ? [] : toSection('The answer of redeliver', toJsonLines(redelivery.answer))),
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
  const { options, requests, profiles, invocation } = run;
  const { node, file, event, fault, verbose, throughPypestream } = options;
  const way = throughPypestream ? 'BrazeNode.py, signed HTTP, handler' : 'serverless invoke local';
  const { method, path, status, answer = '', dropped = [], changed = [] } = requests.at(-1) ?? {};
  const statuses = requests.map((request) => request.status ?? 'no answer').join(', then ');
  const found = Object.entries(invocation.answer).filter(([key]) => !COMMON_KEYS.includes(key));
  return [
    ...toVerdict(run),
    ...toSection(
      'The conversation says',
      toTable(toLeaves(event.payload), verbose),
      `(${file} to ${node}, by ${way}${fault === undefined ? '' : `; Braze: ${fault}`})`,
    ),
    ...(verbose ? toSection('Its context', toTable(toLeaves(event.context), verbose)) : []),
    ...toSection('Left out', toLeftOut(run)),
    ...toSection('The flow gets', toTable(found, verbose)),
    ...toSection('Braze refuses the request', status === 400 ? [`  ${toPrintable(answer)}`] : []),
    ...toSection(
      'Braze holds',
      toProfileLines(profiles, verbose),
      method === undefined ? '(it received nothing)' : `(${method} ${path}, answered ${statuses})`,
    ),
    // What Braze answers success to and does not keep as it was sent.
    ...toSection(
      'Braze drops or changes',
      [...dropped, ...changed].map((note) => `  ${toPrintable(note.path)}: ${toPrintable(note.why)}`),
    ),
    ...(verbose ? toDetails(run) : []),
    ...toRealWorkspace(run),
  ].join('\n');
};
