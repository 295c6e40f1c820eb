export declare const findZone: typeof import('./time-zone-names.ts').findZone;
