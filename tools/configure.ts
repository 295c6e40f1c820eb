import { configure } from './configure/command.ts';

process.exitCode = await configure(process.argv.slice(2), process);
