/** Writes the nodes whose command lines are the JSON on standard input, in one process; prints the exit codes. */
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { newNode } from '../../tools/new-node/command.ts';

const codes: number[] = [];
for (const words of (await json(process.stdin)) as readonly (readonly string[])[]) {
  codes.push(await newNode(words, { stdin: Readable.from([]), stdout: process.stderr, stderr: process.stderr }));
}
console.log(JSON.stringify(codes));
