export declare const loadRailsZones: () => typeof import('rails-timezone');
export declare const loadWindowsZones: () => typeof import('cldr-core/supplemental/windowsZones.json');
