// CommonJS, because only `require` loads a file late and synchronously. The bundler makes what is required here a file of
// its own (infrastructure/lazy-files.cjs): an answer in English needs none of it.
exports.loadOtherWords = () => require('./other-words.ts');
