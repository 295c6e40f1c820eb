export declare const loadOtherWords: () => typeof import('./other-words.ts');
