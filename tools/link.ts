import { link } from './link/command.ts';

process.exitCode = await link(process.argv.slice(2), process);
