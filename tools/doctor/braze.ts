import { USERS_TRACK } from '../../lib/braze/users-track.ts';
import { isHarmless, judgeKey, type ProbedEndpoint, type ProbeResult, probeBraze } from '../braze-probe.ts';
import { type Check, fail, ok, skipped, warn } from './check.ts';
import type { Configured } from './parameters.ts';

const checkReachable = (result: ProbeResult): Check => {
  const check = 'Braze reachable';
  if (result.kind === 'not_reached') return fail(check, `Braze is not reachable from here: ${result.reason}.`);
  const { status } = result;
  if (status === 404 || (status >= 300 && status < 400)) {
    return fail(check, `The server at braze_url is not Braze's REST API (status ${status}).`);
  }
  if (status >= 500) return fail(check, `Braze answers with an error (status ${status}): see status.braze.com.`);
  return ok(check, `Braze answers (status ${status}).`);
};

const FORBIDDEN =
  'or it has an IP allowlist without this machine, or the workspace is inactive. Permissions cannot be added to a key: create a new key and run npm run configure with --rotate-key';

const checkKey = (result: ProbeResult): Check => {
  const check = 'Braze key';
  switch (judgeKey(result)) {
    case 'valid':
      return ok(check, 'Braze accepts the key, and it has the permission users.track.');
    case 'unauthorized':
      return fail(
        check,
        'Braze does not know the key (401): it is wrong or deleted, or braze_url is another instance.',
      );
    case 'forbidden':
      return fail(check, `403: the key lacks users.track, ${FORBIDDEN}.`);
    case 'unknown':
      return result.kind === 'answered' && result.status === 429
        ? warn(check, 'Braze limits the rate right now (429), which says nothing about the key: try again later.')
        : skipped(check, 'Braze did not say whether the key is valid.');
  }
};

/** A node, as far as its permission can be checked. */
export interface ProbedNode {
  readonly name: string;
  /** Empty if its requests are not about a person. */
  readonly identifiers?: readonly string[];
  readonly endpoint: ProbedEndpoint;
}

/** What redeliver needs, whichever nodes are shipped. */
const COMPARE_CONSENT = {
  endpoint: { path: 'users/export/ids', permission: 'users.export.ids', refusesEmptyBody: true },
  consequence: 'redeliver cannot compare an older consent with the profile and dead-letters it as stale',
};

/** The permissions beside users.track, and what stops working without each. */
const findNeeds = (nodes: readonly ProbedNode[]) => {
  const needs = nodes
    .filter(({ endpoint }) => endpoint.permission !== USERS_TRACK.permission)
    .map(({ name, endpoint }) => ({ endpoint, consequence: `${name} answers misconfigured` }));
  const byPermission = Map.groupBy([...needs, COMPARE_CONSENT], ({ endpoint }) => endpoint.permission);
  return [...byPermission].map(([permission, group]) => ({
    permission,
    endpoint: group.map(({ endpoint }) => endpoint).find(isHarmless),
    consequence: group.map(({ consequence }) => consequence).join(', and '),
  }));
};

const checkPermission = async (
  { permission, endpoint, consequence }: ReturnType<typeof findNeeds>[number],
  url: string,
  apiKey: string,
): Promise<Check> => {
  const check = `permission ${permission}`;
  if (endpoint === undefined) {
    const detail = 'Asking for it could change something in Braze: look at the key in the dashboard.';
    return skipped(check, `${detail} Without it ${consequence}.`);
  }
  switch (judgeKey(await probeBraze(url, endpoint, apiKey), endpoint)) {
    case 'valid':
      return ok(check, 'The key has it.');
    case 'forbidden':
      return warn(check, `${consequence}: the key lacks ${permission} (403), ${FORBIDDEN}.`);
    default:
      return skipped(check, 'Braze did not say whether the key has it.');
  }
};

/** Tries Braze and the key with empty bodies: Braze refuses each of them after it has checked the key. */
export const checkBraze = async (
  { url, apiKey }: Configured,
  nodes: readonly ProbedNode[],
): Promise<readonly Check[]> => {
  if (url === undefined || apiKey === undefined) {
    return [skipped('Braze', 'Needs braze_url and braze_api_key, which are missing, malformed or unreadable.')];
  }
  const result = await probeBraze(url, USERS_TRACK, apiKey);
  const checks = [checkReachable(result), checkKey(result)];
  if (judgeKey(result) === 'unauthorized' || result.kind === 'not_reached') return checks;
  const permissions = await Promise.all(findNeeds(nodes).map((need) => checkPermission(need, url, apiKey)));
  return [...checks, ...permissions];
};
