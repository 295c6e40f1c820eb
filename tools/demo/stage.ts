import { dirname } from 'node:path/posix';
import { isObject, isText, type Json, type JsonObject } from '../../emulators/json.ts';
import { type LocalStage, type LocalStageOptions, startLocalStage } from '../../emulators/local-stage.ts';
import { cleanText } from '../../lib/payload/clean.ts';
import type { IdentifierName } from '../../lib/payload/identity.ts';
import { getIdentifiers, type Node } from '../nodes.ts';
import { toParameterPath } from '../service.ts';
import { STAGE } from './invoke.ts';

export const NODE_SECRET = 'demo-node-secret-that-is-long-enough';

const SAMPLE_ITEM = { name: 'Paris by night', price: 49, available: true };

const SAMPLE_PROFILE = {
  first_name: 'Ada',
  last_name: 'Lovelace',
  home_city: 'London',
  language: 'en',
  loyalty_number: '0042',
  interests: ['trains', 'music'],
};

/** Identifiers that only find profiles which exist in Braze already. */
const findSeedIdentifiers = (definition: Node): readonly IdentifierName[] => {
  const { path } = definition.endpoint;
  if (path === 'users/track') return [];
  if (path === 'users/identify' || path === 'users/merge') return ['user_alias', 'email', 'phone'];
  return getIdentifiers(definition);
};

const trim = (value: Json): Json => {
  if (isText(value)) return value.trim();
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, trim(member)]));
};

/** The messages, the item and the preference center that the payload names, which Braze must know. */
export const findSeeds = (payload: JsonObject): LocalStageOptions => {
  const read = (key: string): string | undefined => {
    const value = payload[key];
    return isText(value) ? cleanText(value) : undefined;
  };
  const [canvas, campaign, center] = [read('canvas_id'), read('campaign_id'), read('preference_center_id')];
  const [catalog, id] = [read('catalog_name'), read('item_id')];
  return {
    ...(canvas !== undefined && { canvases: { [canvas]: 'active' } }),
    ...(campaign !== undefined && { campaigns: { [campaign]: 'active' } }),
    ...(center !== undefined && { preferenceCenters: [center] }),
    ...(catalog !== undefined && id !== undefined && { catalogs: { [catalog]: [{ ...payload, ...SAMPLE_ITEM, id }] } }),
  };
};

/** The emulators, with the profile and the messages that the payload speaks of. */
export const startDemoStage = async (definition: Node, payload: JsonObject): Promise<LocalStage> => {
  const stage = await startLocalStage({
    parameterPath: dirname(toParameterPath(STAGE, 'braze_url')),
    nodeSecret: NODE_SECRET,
    ...findSeeds(payload),
  });
  const name = findSeedIdentifiers(definition).find((key) => payload[key] !== undefined);
  const identifier = name === undefined ? undefined : payload[name];
  if (name !== undefined && identifier !== undefined) {
    stage.braze.seed({ ...SAMPLE_PROFILE, [name]: trim(identifier) });
  }
  const { external_id } = payload;
  if (definition.endpoint.path === 'users/merge' && external_id !== undefined) {
    stage.braze.seed({ external_id: trim(external_id) });
  }
  return stage;
};
