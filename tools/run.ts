import type { Streams } from './cli.ts';

/** The commands of `npm run`, each loaded when it is called: `tsx tools/run.ts doctor --stage sandbox`. */
const COMMANDS = {
  demo: async () => (await import('./demo/command.ts')).demo,
  emulator: async () => (await import('./emulator/command.ts')).emulator,
  playground: async () => (await import('./playground/command.ts')).playground,
  docs: async () => (await import('./docs/command.ts')).docs,
  'new-node': async () => (await import('./new-node/command.ts')).newNode,
  configure: async () => (await import('./configure/command.ts')).configure,
  doctor: async () => (await import('./doctor/command.ts')).doctor,
  link: async () => (await import('./link/command.ts')).link,
  'dead-letters': async () => {
    const interruption = new AbortController();
    const { deadLetters } = await import('./dead-letters/command.ts');
    process.on('SIGINT', () => interruption.abort());
    return (argv: readonly string[], streams: Streams) => deadLetters(argv, streams, interruption.signal);
  },
};

const [name = '', ...argv] = process.argv.slice(2);
const load = Object.entries(COMMANDS).find(([command]) => command === name)?.[1];
if (load === undefined) throw new Error(`tools/run.ts takes one of ${Object.keys(COMMANDS).join(', ')}.`);
const command = await load();
process.exitCode = await command(argv, process);
