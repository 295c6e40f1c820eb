// CommonJS, because only `require` loads late and yet synchronously. The bundler makes what is required here a file of
// its own (infrastructure/lazy-files.cjs), with its names minified: less to compile, and ours stay readable in a stack.
exports.loadSsmSdk = () => require('./ssm-sdk.ts');
