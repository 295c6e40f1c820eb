import { deadLetters } from './dead-letters/command.ts';

const interruption = new AbortController();
process.on('SIGINT', () => interruption.abort());
process.exitCode = await deadLetters(process.argv.slice(2), process, interruption.signal);
