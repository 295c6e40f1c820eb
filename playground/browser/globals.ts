/** What the code expects of Node.js beside modules: the length of a text in UTF-8. */
Object.assign(globalThis, { Buffer: { byteLength: (text: string) => new TextEncoder().encode(text).length } });
