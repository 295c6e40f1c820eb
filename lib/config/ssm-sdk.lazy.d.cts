export declare const loadSsmSdk: () => typeof import('./ssm-sdk.ts');
