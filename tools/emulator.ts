import { runCommand } from './cli.ts';
import { emulator } from './emulator/command.ts';

process.exitCode = await runCommand(process, () => emulator(process.argv.slice(2), process.stdout));
