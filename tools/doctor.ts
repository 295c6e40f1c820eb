import { doctor } from './operator/doctor.ts';

process.exitCode = await doctor(process.argv.slice(2), process);
