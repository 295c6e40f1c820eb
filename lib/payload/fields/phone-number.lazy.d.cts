export declare const phoneNumber: () => typeof import('./phone-number.ts');
