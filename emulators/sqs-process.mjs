// fauxqs in a process of its own: it is published as an ES module only, which Jest cannot load, and its own command
// listens on every address. Says its URL on standard output, and ends with whoever started it.
import { buildApp } from 'fauxqs';

const app = buildApp({ logger: false });
process.stdout.write(`${await app.listen({ port: 0, host: '127.0.0.1' })}\n`);
process.stdin.resume().on('close', () => process.exit(0));
