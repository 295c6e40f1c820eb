import { toBrazeUrl } from '../../lib/braze/credentials.ts';
import { USERS_TRACK } from '../../lib/braze/users-track.ts';
import { isHarmless, type Probe, type ProbedEndpoint, probeBraze } from '../braze-probe.ts';
import { type Finding, type Findings, fail, ok, skipped, warn } from './check.ts';
import type { WellFormed } from './parameters.ts';

/** A node, as far as its permission can be checked. */
export interface ProbedNode {
  readonly name: string;
  /** Empty if its requests are not about a person. */
  readonly identifiers?: readonly string[];
  readonly endpoint: ProbedEndpoint;
}

/** What redeliver needs, whichever nodes are shipped. */
const REDELIVER: ProbedNode = {
  name: 'redeliver (older consents are dead-lettered as stale)',
  endpoint: { path: 'users/export/ids', permission: 'users.export.ids', refusesEmptyBody: true },
};

const NEW_KEY = 'A key cannot be given permissions: create a new one and run npm run configure with --rotate-key.';

const judgeServer = ({ status, sentence }: Probe): Finding => {
  if (status === undefined) return fail(sentence);
  if (status === 404 || (status >= 300 && status < 400)) {
    return fail(`The server at braze_url is not Braze's REST API (status ${status}).`);
  }
  if (status >= 500) return fail(`Braze answers with an error (status ${status}): see status.braze.com.`);
  return ok(`Braze answers (status ${status}).`);
};

const judgeKey = ({ kind, sentence }: Probe): Finding => {
  if (kind === 'forbidden') return fail(`${sentence} ${NEW_KEY}`);
  return { valid: ok, unauthorized: fail, throttled: warn, unknown: skipped, not_reached: skipped }[kind](sentence);
};

const checkPermission = async (nodes: readonly ProbedNode[], url: string, apiKey: string): Promise<Finding> => {
  const without = `Without it these fail: ${nodes.map(({ name }) => name).join(', ')}.`;
  const endpoint = nodes.map((node) => node.endpoint).find(isHarmless);
  if (endpoint === undefined) {
    return skipped(`Asking for it could change something in Braze: look at the key in the dashboard. ${without}`);
  }
  const { kind, sentence } = await probeBraze(url, endpoint, apiKey);
  if (kind === 'forbidden') return warn(`${sentence} ${without} ${NEW_KEY}`);
  return kind === 'valid' ? ok(sentence) : skipped(sentence);
};

/** Tries Braze and the key with empty bodies: Braze refuses each of them after it has checked the key. */
export const checkBraze = async (parameters: WellFormed, nodes: readonly ProbedNode[]): Promise<Findings> => {
  const url = toBrazeUrl(parameters.get('braze_url') ?? '');
  const apiKey = parameters.get('braze_api_key');
  if (url === undefined || apiKey === undefined) {
    return { Braze: skipped('Needs braze_url and braze_api_key, which are missing, malformed or unreadable.') };
  }
  const probe = await probeBraze(url, USERS_TRACK, apiKey);
  const findings = { 'Braze reachable': judgeServer(probe), 'Braze key': judgeKey(probe) };
  if (probe.kind === 'unauthorized' || probe.kind === 'not_reached') return findings;

  const byPermission = Map.groupBy([...nodes, REDELIVER], ({ endpoint }) => endpoint.permission);
  byPermission.delete(USERS_TRACK.permission);
  const checks = [...byPermission].map(
    async ([permission, group]) => [`permission ${permission}`, await checkPermission(group, url, apiKey)] as const,
  );
  return { ...findings, ...Object.fromEntries(await Promise.all(checks)) };
};
