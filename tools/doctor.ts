import { doctor } from './doctor/command.ts';

process.exitCode = await doctor(process.argv.slice(2), process);
