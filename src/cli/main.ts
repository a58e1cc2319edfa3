#!/usr/bin/env node
/** The command `zeroprom`. */
import { processConsole } from './command/command-io.ts';
import { run } from './run-cli.ts';

const code = await run(process.argv.slice(2), processConsole);
// Not when all is done: a request that nobody waits for any more would keep the process. What is written goes first.
process.stdout.write('', () => process.exit(code));
