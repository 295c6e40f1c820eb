// CommonJS, because only `require` loads a file late and synchronously. The bundler makes what is required here a file of
// its own (infrastructure/lazy-files.cjs): few payloads name a time zone in another way than IANA does.
exports.findZone = (name) => require('./time-zone-names.ts').findZone(name);
