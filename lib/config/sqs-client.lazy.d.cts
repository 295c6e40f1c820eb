export declare const createSqs: typeof import('./sqs-client.ts').createSqs;
