import * as v from 'valibot';
import { sign } from '../../lib/entry/signature.ts';
import { describeNetworkError } from '../braze-probe.ts';
import { type Check, fail, ok, skipped } from './check.ts';
import type { Configured } from './parameters.ts';
import { missingOutput } from './stack.ts';

const NODE = 'track-user';
/** Holds no identifier, so the node answers `invalid` and sends nothing. */
const BODY = '{"payload":{}}';
/** Includes a cold start and its read from SSM. */
const TIMEOUT_MS = 15_000;
/** How far the clock of the caller may be from the entry's (docs/contract.md). */
const MAX_CLOCK_SKEW_S = 300;

/** Signs as BrazeNode.py does when app.py holds the parameter's value: with every secret in force. */
const toSignature = (secrets: readonly string[], seconds: number): string =>
  [
    `t=${seconds}`,
    ...secrets.map((secret) => `v1=${sign(secret, String(seconds), NODE, Buffer.from(BODY)).toString('hex')}`),
  ].join(',');

type EntryResponse =
  | { readonly kind: 'answered'; readonly status: number; readonly outcome: string | undefined; readonly skew: number }
  | { readonly kind: 'not_reached'; readonly reason: string };

const Outcome = v.pipe(v.string(), v.parseJson(), v.object({ outcome: v.pipe(v.string(), v.regex(/^[a-z_]{1,40}$/)) }));

const post = async (nodesUrl: string, headers: Readonly<Record<string, string>>): Promise<EntryResponse> => {
  try {
    const response = await fetch(`${nodesUrl.replace(/\/+$/, '')}/nodes/${NODE}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: BODY,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const parsed = v.safeParse(Outcome, await response.text());
    const date = Date.parse(response.headers.get('date') ?? '');
    return {
      kind: 'answered',
      status: response.status,
      outcome: parsed.success ? parsed.output.outcome : undefined,
      skew: Number.isNaN(date) ? 0 : Math.abs(Date.now() - date) / 1_000,
    };
  } catch (error) {
    return { kind: 'not_reached', reason: describeNetworkError(error) };
  }
};

const SIGNED = 'signed call';
const UNSIGNED = 'unsigned call';

const judgeSigned = (response: EntryResponse): Check => {
  if (response.kind === 'not_reached') return fail(SIGNED, `The signed entry is not reachable: ${response.reason}.`);
  const { status, outcome, skew } = response;
  if (status === 200 && outcome === 'invalid') return ok(SIGNED, 'The signed entry answers.');
  if (status === 401 && skew > MAX_CLOCK_SKEW_S) {
    const off = `The clock of this machine is ${Math.round(skew)} s off`;
    return fail(SIGNED, `${off}, and a signature is valid for ${MAX_CLOCK_SKEW_S} s.`);
  }
  if (status === 401) {
    return fail(
      SIGNED,
      'The signed entry refuses node_secret. If it was changed, functions use it within five minutes; else see the log of track-user.',
    );
  }
  if (status === 404) return fail(SIGNED, 'There is no node behind the signed entry (404): deploy again.');
  return fail(SIGNED, `The signed entry answered ${status}, outcome ${outcome ?? 'none'}: see the log of track-user.`);
};

const judgeUnsigned = (response: EntryResponse): Check => {
  if (response.kind === 'not_reached') return skipped(UNSIGNED, 'The signed entry is not reachable.');
  return response.status === 401
    ? ok(UNSIGNED, 'The signed entry refuses a call without a signature.')
    : fail(
        UNSIGNED,
        `A call without a signature was answered ${response.status} instead of 401: the entry may be open.`,
      );
};

const isSafe = (url: string): boolean => {
  const { protocol, hostname } = URL.parse(url) ?? { protocol: '', hostname: '' };
  return protocol === 'https:' || (protocol === 'http:' && /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname));
};

/** The HTTPS entry, by one call that is signed and one that is not. */
export const checkEntry = async (
  nodesUrl: string | undefined,
  { secrets }: Configured,
  stack: Check,
): Promise<readonly Check[]> => {
  if (nodesUrl === undefined) return [missingOutput('signed entry', 'NodesUrl', stack)];
  if (!isSafe(nodesUrl)) return [fail('signed entry', 'The output NodesUrl of the stack is not an https URL.')];
  const [signed, unsigned] = await Promise.all([
    secrets && post(nodesUrl, { 'Pypestream-Signature': toSignature(secrets, Math.floor(Date.now() / 1_000)) }),
    post(nodesUrl, {}),
  ]);
  return [
    signed === undefined ? skipped(SIGNED, 'Needs node_secret, which is missing or unreadable.') : judgeSigned(signed),
    judgeUnsigned(unsigned),
  ];
};
