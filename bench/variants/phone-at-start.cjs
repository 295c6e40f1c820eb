// In place of lib/payload/fields/phone.lazy.cjs: the telephone metadata is loaded with the function.
const { toE164 } = require('../../lib/payload/fields/phone-number.ts');

exports.toE164 = toE164;
