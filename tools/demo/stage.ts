import { dirname } from 'node:path/posix';
import { isObject, isText, type Json, type JsonObject } from '../../emulators/json.ts';
import { type LocalStage, startLocalStage } from '../../emulators/local-stage.ts';
import type { IdentifierName } from '../../lib/payload/identity.ts';
import { getIdentifiers, type Node } from '../nodes.ts';
import { toParameterPath } from '../service.ts';
import { STAGE } from './invoke.ts';

export const NODE_SECRET = 'demo-node-secret-that-is-long-enough';

const SAMPLE_PROFILE = {
  first_name: 'Ada',
  last_name: 'Lovelace',
  home_city: 'London',
  language: 'en',
  loyalty_number: '0042',
  interests: ['trains', 'music'],
};

/** The identifiers by which somebody must be in Braze before the node can find them. */
const findSeedIdentifiers = (definition: Node): readonly IdentifierName[] => {
  if (definition.endpoint.path === 'users/track') return [];
  if (definition.endpoint.path === 'users/identify') return ['user_alias', 'email', 'phone'];
  return getIdentifiers(definition);
};

const trim = (value: Json): Json => {
  if (isText(value)) return value.trim();
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, trim(member)]));
};

/** The emulators, with the profile and the Canvas that the payload speaks of. */
export const startDemoStage = async (definition: Node, payload: JsonObject): Promise<LocalStage> => {
  const stage = await startLocalStage({
    parameterPath: dirname(toParameterPath(STAGE, 'braze_url')),
    nodeSecret: NODE_SECRET,
    ...(isText(payload.canvas_id) && { canvases: { [payload.canvas_id.trim()]: 'active' } }),
  });
  const name = findSeedIdentifiers(definition).find((key) => payload[key] !== undefined);
  const identifier = name === undefined ? undefined : payload[name];
  if (name !== undefined && identifier !== undefined) {
    stage.braze.seed({ ...SAMPLE_PROFILE, [name]: trim(identifier), _update_existing_only: false });
  }
  return stage;
};
