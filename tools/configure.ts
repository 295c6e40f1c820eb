import { configure } from './operator/configure.ts';

process.exitCode = await configure(process.argv.slice(2), process);
