// In place of lib/payload/fields/phone-number.lazy.cjs: the telephone metadata is loaded with the function.
const phoneNumber = require('../../lib/payload/fields/phone-number.ts');

exports.phoneNumber = () => phoneNumber;
