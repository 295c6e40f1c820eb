// In place of lib/payload/fields/phone.lazy.cjs: the telephone metadata is loaded with the function.
const phoneNumbers = require('libphonenumber-js/core');
const metadata = require('libphonenumber-js/metadata.min.json');

exports.loadPhoneNumbers = () => phoneNumbers;
exports.loadMetadata = () => metadata;
