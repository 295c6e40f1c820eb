import * as v from 'valibot';
import { parseSecrets } from '../../lib/config/parameters.ts';
import { sign } from '../../lib/entry/signature.ts';
import { describeNetworkError } from '../braze-probe.ts';
import { type Finding, type Findings, fail, ok, type Read, skipped } from './check.ts';
import type { WellFormed } from './parameters.ts';

const NODE = 'track-user';
/** Holds no identifier, so the node answers `invalid` and sends nothing. */
const BODY = '{"payload":{}}';
/** Includes a cold start and its read from SSM. */
const TIMEOUT_MS = 15_000;
/** How far the clock of the caller may be from the entry's (docs/contract.md). */
const MAX_CLOCK_SKEW_S = 300;

/** Signs as BrazeNode.py does when app.py holds the parameter's value: with every secret in force. */
const toSignature = (value: string): string => {
  const seconds = String(Math.floor(Date.now() / 1_000));
  const signatures = parseSecrets(value).map((secret) => sign(secret, seconds, NODE, Buffer.from(BODY)));
  return [`t=${seconds}`, ...signatures.map((signature) => `v1=${signature.toString('hex')}`)].join(',');
};

const Body = v.pipe(v.string(), v.parseJson(), v.object({ outcome: v.pipe(v.string(), v.regex(/^[a-z_]{1,40}$/)) }));

/** Calls the entry, and judges its answer by the status, the outcome and how far the clocks are apart in seconds. */
const call = async (
  nodesUrl: string,
  headers: Readonly<Record<string, string>>,
  judge: (status: number, outcome: string, skewS: number) => Finding,
  unreachable: (detail: string) => Finding,
): Promise<Finding> => {
  try {
    const response = await fetch(`${nodesUrl.replace(/\/+$/, '')}/nodes/${NODE}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: BODY,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { outcome } = v.parse(v.fallback(Body, { outcome: 'none' }), await response.text());
    const skewS = Math.abs(Date.now() - Date.parse(response.headers.get('date') ?? '')) / 1_000;
    return judge(response.status, outcome, skewS);
  } catch (error) {
    return unreachable(`The signed entry is not reachable: ${describeNetworkError(error)}.`);
  }
};

const judgeSigned = (status: number, outcome: string, skewS: number): Finding => {
  if (status === 200 && outcome === 'invalid') return ok('The signed entry answers.');
  if (status === 404) return fail('There is no node behind the signed entry (404): deploy again.');
  if (status !== 401) return fail(`The signed entry answered ${status}, outcome ${outcome}: see the log of ${NODE}.`);
  return skewS > MAX_CLOCK_SKEW_S
    ? fail(`The clock of this machine is ${Math.round(skewS)} s off; ${MAX_CLOCK_SKEW_S} s are allowed.`)
    : fail(`The signed entry refuses node_secret. A new one is used within five minutes; else see the log of ${NODE}.`);
};

const judgeUnsigned = (status: number): Finding =>
  status === 401
    ? ok('The signed entry refuses a call without a signature.')
    : fail(`A call without a signature was answered ${status} instead of 401: the entry may be open.`);

/** Whether the entry is called by HTTPS, or on this machine. */
const isSafe = (url: string): boolean =>
  /^https:|^http:\/\/(?:localhost|127\.[\d.]+|\[::1\])(?::\d+)?$/.test(URL.parse(url)?.origin ?? '');

/** The HTTPS entry, by one call that is signed and one that is not. */
export const checkEntry = async (nodesUrl: Read<string>, parameters: WellFormed): Promise<Findings> => {
  if (nodesUrl.kind === 'unread') return { 'signed entry': nodesUrl.finding };
  const url = nodesUrl.value;
  if (!isSafe(url)) return { 'signed entry': fail('The output NodesUrl of the stack is not an https URL.') };
  const secret = parameters.get('node_secret');
  const [signed, unsigned] = await Promise.all([
    secret === undefined
      ? skipped('Needs node_secret, which is missing, malformed or unreadable.')
      : call(url, { 'Pypestream-Signature': toSignature(secret) }, judgeSigned, fail),
    call(url, {}, judgeUnsigned, skipped),
  ]);
  return { 'signed call': signed, 'unsigned call': unsigned };
};
