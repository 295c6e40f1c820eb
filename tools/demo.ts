import { runCommand } from './cli.ts';
import { demo } from './demo/command.ts';

/** The demo must end even where something hangs. */
const TIMEOUT_MS = 90_000;

setTimeout(() => {
  console.error(`The demo did not finish within ${TIMEOUT_MS / 1_000} s.`);
  process.exit(1);
}, TIMEOUT_MS).unref();

process.exitCode = await runCommand(process, () => demo(process.argv.slice(2)));
