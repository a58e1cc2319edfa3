import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { start } from './child.ts';

/** The folder with the compiled `src/` and `test/`. Programs that start in it can import from `./src/`. */
const COMPILED = join(import.meta.dirname, '..');

/** Runs a program that may import `./src/NAME.js`, and returns its output. Throws if it fails or hangs. */
export async function runProgram(t: TestContext, code: string, nodeArgs: readonly string[] = []): Promise<string> {
  const args = [...nodeArgs, '--input-type=module', '--eval', code];
  const program = start(t, process.execPath, args, {}, COMPILED);
  const ended = await program.ended;
  if (ended !== 0) throw new Error(`It ended with ${String(ended)}:\n${program.stderr()}`);
  return program.stdout().trim();
}
