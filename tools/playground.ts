import { playground } from './playground/command.ts';

process.exitCode = await playground(process.argv.slice(2), process);
