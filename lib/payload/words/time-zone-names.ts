import windows from 'cldr-core/supplemental/windowsZones.json' with { type: 'json' };
import * as rails from 'rails-timezone';

/** Without the differences that word processors and translators make: `Nuku’alofa`, `Eastern Time (US and Canada)`. */
const toKey = (name: string): string =>
  name.toLowerCase().replace(/\s+/g, ' ').replaceAll('’', "'").replaceAll(' and ', ' & ');

const listWindowsZones = (): readonly (readonly [string, string])[] =>
  windows.supplemental.windowsZones.mapTimezones.flatMap(({ mapZone }) =>
    // The zone that CLDR gives for a Windows name where no country is known.
    mapZone._territory === '001' ? [[toKey(mapZone._other), mapZone._type] as const] : [],
  );

const listRailsZones = (): readonly (readonly [string, string])[] =>
  rails.list().map((name) => [toKey(name), rails.from(name)] as const);

let zones: ReadonlyMap<string, string> | undefined;

/**
 * The IANA name of a zone that is named as Rails does, whose names Braze accepts (`Eastern Time (US & Canada)`), or as
 * Windows does (`Eastern Standard Time`). An offset in front of the name is ignored.
 */
export const findZone = (name: string): string | undefined => {
  zones ??= new Map([...listWindowsZones(), ...listRailsZones()]);
  return zones.get(toKey(name.replace(/^\((?:GMT|UTC)(?:[+-]\d\d:\d\d)?\)\s*/i, '')));
};
