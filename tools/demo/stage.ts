import { dirname } from 'node:path/posix';
import { RequestError } from '../../emulators/braze/endpoint.ts';
import { isText, type Json, type JsonObject } from '../../emulators/json.ts';
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

/** The value, without blanks around its texts. */
const trim = (value: Json): Json =>
  JSON.parse(JSON.stringify(value), (_, member) => (typeof member === 'string' ? member.trim() : member));

/** A subscription to the group that the payload asks about. */
const findSubscription = ({ subscription_group_id: id }: JsonObject): JsonObject => {
  if (!isText(id)) return {};
  const group = { subscription_group_id: id.trim().toLowerCase(), subscription_state: 'subscribed' };
  return { subscription_groups: [group] };
};

/** By what the profile is found that becomes part of another one. */
const MERGED: readonly IdentifierName[] = ['user_alias', 'email', 'phone'];

/** The people who must be in Braze before the node can find them. */
const findProfiles = (definition: Node, payload: JsonObject): readonly JsonObject[] => {
  const findPerson = (names: readonly IdentifierName[], profile: JsonObject): readonly JsonObject[] => {
    const given = names.flatMap((name) => (payload[name] === undefined ? [] : [{ [name]: trim(payload[name]) }]));
    return given.slice(0, 1).map((identifier) => ({ ...profile, ...identifier }));
  };
  switch (definition.endpoint.path) {
    case 'users/track':
      return [];
    case 'users/identify':
      return findPerson(MERGED, SAMPLE_PROFILE);
    case 'users/merge':
      return [...findPerson(['external_id'], {}), ...findPerson(MERGED, SAMPLE_PROFILE)];
    default:
      return findPerson(getIdentifiers(definition), { ...SAMPLE_PROFILE, ...findSubscription(payload) });
  }
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
  for (const profile of findProfiles(definition, payload)) {
    try {
      stage.braze.seed(profile);
    } catch (error) {
      // Where Braze knows no such person, the demo shows what the node makes of the identifier.
      if (!(error instanceof RequestError)) {
        await stage.close();
        throw error;
      }
    }
  }
  return stage;
};
