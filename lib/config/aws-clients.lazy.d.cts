export declare const loadSsmSdk: () => typeof import('./ssm-sdk.ts');
export declare const createSqs: typeof import('./sqs-client.ts').createSqs;
