import { doctor } from './doctor/doctor.ts';

process.exitCode = await doctor(process.argv.slice(2), process);
