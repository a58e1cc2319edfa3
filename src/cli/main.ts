#!/usr/bin/env node
import { processIo } from './command/command-io.ts';
import { runCli } from './run-cli.ts';

const code = await runCli(process.argv.slice(2), processIo);
// Exits even if an abandoned request would keep the process alive, but only after all output has been written.
process.stdout.write('', () => process.exit(code));
