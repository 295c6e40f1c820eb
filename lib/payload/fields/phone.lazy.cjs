// CommonJS, because only `require` loads late and yet synchronously, as source and in esbuild's bundle alike:
// evaluating the metadata at start costs every cold start some milliseconds, and most payloads have no phone number.
exports.loadPhoneNumbers = () => require('libphonenumber-js/core');
exports.loadMetadata = () => require('libphonenumber-js/metadata.min.json');
