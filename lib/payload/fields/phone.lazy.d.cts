export declare const loadPhoneNumbers: () => typeof import('libphonenumber-js/core');
export declare const loadMetadata: () => import('libphonenumber-js/core').MetadataJson;
