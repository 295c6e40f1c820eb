import { judgeKey, type ProbeResult, probeBraze } from '../braze-probe.ts';
import type { Node } from '../nodes.ts';
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
export type ProbedNode = Pick<Node, 'name'> & { readonly endpoint: Pick<Node['endpoint'], 'path' | 'permission'> };

/** What stops working where the key lacks a permission. */
interface Need {
  readonly path: string;
  readonly permission: string;
  readonly consequence: string;
}

const EXPORT: Need = {
  path: 'users/export/ids',
  permission: 'users.export.ids',
  consequence: 'redeliver cannot compare an older consent with the profile and parks it as stale',
};

const findNeeds = (nodes: readonly ProbedNode[]): readonly Need[] => {
  const needs = nodes.flatMap(({ name, endpoint }) =>
    endpoint.path === 'users/track' ? [] : [{ ...endpoint, consequence: `${name} answers misconfigured` }],
  );
  return [...Map.groupBy([...needs, EXPORT], ({ path }) => path).values()].map(([first = EXPORT, ...others]) => ({
    ...first,
    consequence: [first, ...others].map(({ consequence }) => consequence).join(', and '),
  }));
};

const checkPermission = (need: Need, result: ProbeResult): Check => {
  const check = `permission ${need.permission}`;
  switch (judgeKey(result)) {
    case 'valid':
      return ok(check, 'The key has it.');
    case 'forbidden':
      return warn(check, `${need.consequence}: the key lacks ${need.permission} (403), ${FORBIDDEN}.`);
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
  const result = await probeBraze(url, 'users/track', apiKey);
  const checks = [checkReachable(result), checkKey(result)];
  if (judgeKey(result) === 'unauthorized' || result.kind === 'not_reached') return checks;
  const permissions = findNeeds(nodes).map(async (need) =>
    checkPermission(need, await probeBraze(url, need.path, apiKey)),
  );
  return [...checks, ...(await Promise.all(permissions))];
};
