import * as v from 'valibot';
import { sign } from '../../lib/entry/signature.ts';
import { reasonOf } from '../braze-probe.ts';
import { type Check, fail, ok, skipped } from './check.ts';
import type { Configured } from './parameters.ts';
import type { Deployed } from './stack.ts';

const NODE = 'track-user';
/** Says nothing about anybody, so the node answers `invalid` and sends nothing. */
const BODY = '{"payload":{}}';
/** A cold start and its read from SSM included. */
const CALL_LIMIT_MS = 15_000;
/** How far the clock of the caller may be from the entry's (contract, section 7). */
const CLOCK_LIMIT_S = 300;

/** As BrazeNode.py signs when app.py holds the parameter's value: with every secret in force. */
const signature = (secrets: readonly string[], seconds: number): string =>
  [
    `t=${seconds}`,
    ...secrets.map((secret) => `v1=${sign(secret, String(seconds), NODE, Buffer.from(BODY)).toString('hex')}`),
  ].join(',');

type Answer =
  | { readonly status: number; readonly outcome: string | undefined; readonly skew: number }
  | { readonly reason: string };

const Outcome = v.pipe(v.string(), v.parseJson(), v.object({ outcome: v.pipe(v.string(), v.regex(/^[a-z_]{1,40}$/)) }));

const post = async (nodesUrl: string, headers: Readonly<Record<string, string>>): Promise<Answer> => {
  try {
    const response = await fetch(`${nodesUrl.replace(/\/+$/, '')}/nodes/${NODE}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: BODY,
      redirect: 'manual',
      signal: AbortSignal.timeout(CALL_LIMIT_MS),
    });
    const parsed = v.safeParse(Outcome, await response.text());
    const theirs = Date.parse(response.headers.get('date') ?? '');
    return {
      status: response.status,
      outcome: parsed.success ? parsed.output.outcome : undefined,
      skew: Number.isNaN(theirs) ? 0 : Math.abs(Date.now() - theirs) / 1_000,
    };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
};

const SIGNED = 'signed call';
const UNSIGNED = 'unsigned call';

const signedCheck = (answer: Answer): Check => {
  if ('reason' in answer) return fail(SIGNED, `The signed entry cannot be reached: ${answer.reason}.`);
  const { status, outcome, skew } = answer;
  if (status === 200 && outcome === 'invalid') return ok(SIGNED, 'The signed entry answers.');
  if (status === 401 && skew > CLOCK_LIMIT_S) {
    return fail(
      SIGNED,
      `The clock of this machine is ${Math.round(skew)} s off, and a signature holds for ${CLOCK_LIMIT_S} s.`,
    );
  }
  if (status === 401) {
    return fail(
      SIGNED,
      'The signed entry refuses node_secret. If it was changed, running functions know it within five minutes; else see the log of track-user.',
    );
  }
  if (status === 404) return fail(SIGNED, 'There is no node behind the signed entry (404): deploy again.');
  return fail(
    SIGNED,
    `The signed entry gave status ${status}, outcome ${outcome ?? 'none'}: see the log of track-user.`,
  );
};

const unsignedCheck = (answer: Answer): Check => {
  if ('reason' in answer) return skipped(UNSIGNED, 'The signed entry cannot be reached.');
  return answer.status === 401
    ? ok(UNSIGNED, 'The signed entry refuses a call without a signature.')
    : fail(UNSIGNED, `A call without a signature got status ${answer.status} and must get 401: the entry may be open.`);
};

const isSafe = (url: string): boolean => {
  const { protocol, hostname } = URL.parse(url) ?? { protocol: '', hostname: '' };
  return protocol === 'https:' || (protocol === 'http:' && /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname));
};

/** The way in from Pypestream, by one call that is signed and one that is not. */
export const checkEntry = async (
  { nodesUrl }: Deployed,
  { secrets }: Configured,
  stack: Check,
): Promise<readonly Check[]> => {
  if (nodesUrl === undefined) {
    return stack.status === 'ok' || stack.status === 'warn'
      ? [fail('signed entry', 'The stack has no output NodesUrl: deploy again.')]
      : [skipped('signed entry', 'Needs the stack, whose outputs say where it is.')];
  }
  if (!isSafe(nodesUrl)) return [fail('signed entry', 'The output NodesUrl of the stack is no https address.')];
  const [signed, unsigned] = await Promise.all([
    secrets && post(nodesUrl, { 'Pypestream-Signature': signature(secrets, Math.floor(Date.now() / 1_000)) }),
    post(nodesUrl, {}),
  ]);
  return [
    signed === undefined ? skipped(SIGNED, 'Needs node_secret, which is missing or unreadable.') : signedCheck(signed),
    unsignedCheck(unsigned),
  ];
};
