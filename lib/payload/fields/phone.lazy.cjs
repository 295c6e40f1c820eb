// CommonJS, because only `require` loads a file late and synchronously. The bundler makes what is required here a file of
// its own (infrastructure/lazy-files.cjs): most payloads have no phone number.
exports.toE164 = (...args) => require('./phone-number.ts').toE164(...args);
