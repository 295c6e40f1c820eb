import { BrowserBuffer } from './node-crypto.ts';

/** What the code expects of Node.js beside modules. */
Object.assign(globalThis, { Buffer: BrowserBuffer });
