// CommonJS, because only `require` loads late and yet synchronously. The bundler makes what is required here a file of
// its own (infrastructure/lazy-files.cjs): most invocations queue nothing, and should not load the client for it.
exports.createSqs = (...args) => require('./sqs-client.ts').createSqs(...args);
