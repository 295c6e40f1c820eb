export declare const toE164: typeof import('./phone-number.ts').toE164;
