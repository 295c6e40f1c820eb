import { type Probe, probe, verdictOf } from '../braze-probe.ts';
import type { Shipped } from '../nodes.ts';
import { type Check, fail, ok, skipped, warn } from './check.ts';
import type { Configured } from './parameters.ts';

const reached = (answer: Probe): Check => {
  const check = 'Braze reachable';
  if (answer.kind === 'unreached') return fail(check, `Braze cannot be reached from here: ${answer.reason}.`);
  const { status } = answer;
  if (status === 404 || (status >= 300 && status < 400)) {
    return fail(check, `Whatever answers at braze_url is not Braze's REST API (status ${status}).`);
  }
  if (status >= 500) return fail(check, `Braze answers, but is in trouble (status ${status}): see status.braze.com.`);
  return ok(check, `Braze answers (status ${status}).`);
};

const FORBIDDEN =
  'or it has an IP allowlist without this machine, or the workspace is inactive. A permission cannot be added to a key: make a new key and run npm run configure with --rotate-key';

const keyCheck = (answer: Probe): Check => {
  const check = 'Braze key';
  switch (verdictOf(answer)) {
    case 'good':
      return ok(check, 'Braze knows the key, and it may do users.track.');
    case 'unknown key':
      return fail(
        check,
        'Braze does not know the key (401): it is wrong or revoked, or braze_url is another instance.',
      );
    case 'not permitted':
      return fail(check, `403: the key lacks users.track, ${FORBIDDEN}.`);
    case 'untold':
      return answer.kind === 'answered' && answer.status === 429
        ? warn(check, 'Braze limits the rate just now (429), which says nothing about the key: try again later.')
        : skipped(check, 'Braze did not say whether the key is good.');
  }
};

const permissionCheck = (node: string, permission: string, answer: Probe): Check => {
  const check = `permission ${permission}`;
  switch (verdictOf(answer)) {
    case 'good':
      return ok(check, `The key may do what ${node} needs.`);
    case 'not permitted':
      return warn(
        check,
        `${node} will answer misconfigured: the key lacks ${permission} (403), ${FORBIDDEN}, or do without ${node}.`,
      );
    default:
      return skipped(check, `Braze did not say whether the key may do what ${node} needs.`);
  }
};

/** Braze and the key, by requests without content: each is refused for that, after the key has been looked at. */
export const checkBraze = async ({ url, apiKey }: Configured, nodes: readonly Shipped[]): Promise<readonly Check[]> => {
  if (url === undefined || apiKey === undefined) {
    return [skipped('Braze', 'Needs braze_url and braze_api_key, which are missing, malformed or unreadable.')];
  }
  const answer = await probe(url, 'users/track', apiKey);
  const checks = [reached(answer), keyCheck(answer)];
  if (verdictOf(answer) === 'unknown key' || answer.kind === 'unreached') return checks;

  const permissions = nodes.flatMap(({ node, endpoint }) =>
    endpoint === undefined || endpoint.path === 'users/track' ? [] : [{ node, ...endpoint }],
  );
  const probed = permissions.map(async ({ node, permission, path }) =>
    permissionCheck(node, permission, await probe(url, path, apiKey)),
  );
  return [...checks, ...(await Promise.all(probed))];
};
