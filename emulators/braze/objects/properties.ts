import { bytesOf, isObject, type Json, type JsonObject, lengthOf } from '../../json.ts';
import type { Drop } from '../endpoint.ts';
import { ItemRefused } from '../refusal.ts';
import { MAX_BYTES, MAX_CHARACTERS } from './nested.ts';

const MAX_PROPERTIES = 256;

const dropProblem = (value: Json): string | undefined => {
  if (value === null) return 'null is no value of a property';
  return typeof value === 'string' && lengthOf(value) > MAX_CHARACTERS ? 'over 255 characters' : undefined;
};

/** The properties of an event or a purchase, as far as they are kept. */
export const propertiesOf = (value: Json | undefined, reserved: readonly string[], drop: Drop): JsonObject => {
  if (value === undefined) return {};
  if (!isObject(value)) throw new ItemRefused('BAD_PROPERTIES');
  const entries = Object.entries(value);
  for (const [name] of entries) {
    const isBad = name === '' || name.startsWith('$') || lengthOf(name) > MAX_CHARACTERS || reserved.includes(name);
    if (isBad) throw new ItemRefused('BAD_PROPERTIES');
  }
  const isNested = entries.some(([, property]) => typeof property === 'object' && property !== null);
  if (isNested && bytesOf(value) > MAX_BYTES) throw new ItemRefused('BAD_PROPERTIES');

  for (const [name] of entries.slice(MAX_PROPERTIES)) drop(`properties.${name}`, 'over 256 properties');
  const kept = entries.slice(0, MAX_PROPERTIES).filter(([name, property]) => {
    const problem = dropProblem(property);
    if (problem !== undefined) drop(`properties.${name}`, problem);
    return problem === undefined;
  });
  return Object.fromEntries(kept);
};
