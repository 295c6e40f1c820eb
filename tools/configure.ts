import { configure } from './configure/configure.ts';

process.exitCode = await configure(process.argv.slice(2), process);
