import { parseNodeNames } from '../../lib/config/env.ts';
import type { ProbedNode } from './braze.ts';
import { type Check, fail, ok } from './check.ts';
import type { Configured } from './parameters.ts';
import type { Variables } from './stack.ts';

const IDENTITIES = 'identities';

/** Lists the nodes that act on typed identifiers, and checks whether the others can verify an identity. */
export const checkIdentities = (
  deployed: Variables,
  nodes: readonly ProbedNode[],
  { linkSecrets }: Configured,
): Check => {
  if (deployed.kind === 'unread') return deployed.toCheck(IDENTITIES);
  const verified = parseNodeNames(deployed.values.VERIFIED_NODES ?? '');
  if (verified.length > 0 && linkSecrets === undefined) {
    return fail(
      IDENTITIES,
      `Without a link_secret ${verified.join(', ')} answer misconfigured: run npm run configure with --rotate-link-secret.`,
    );
  }
  const personal = nodes.filter(({ identifiers }) => identifiers?.length !== 0);
  const typed = personal.map(({ name }) => name).filter((name) => !verified.includes(name));
  return ok(
    IDENTITIES,
    typed.length === 0
      ? 'Every node that is about a person requires a verified identity.'
      : `Unless a payload has require_verified, these act on identities that anybody can type (docs/trust.md): ${typed.join(', ')}.`,
  );
};
