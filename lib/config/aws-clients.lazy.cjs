// CommonJS, because only `require` loads a file late and synchronously. The bundler makes what is required here files of
// their own (infrastructure/lazy-files.cjs), with their names minified: less to compile, and ours stay readable in a
// stack. Most invocations queue nothing, and should not load the client for it.
exports.loadSsmSdk = () => require('./ssm-sdk.ts');
exports.createSqs = (...args) => require('./sqs-client.ts').createSqs(...args);
