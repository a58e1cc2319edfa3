import type { TestContext } from 'node:test';
import { start } from './child.ts';

/** Runs a program that may import from `src/` to its end; what it printed. Throws where it fails or hangs. */
export async function runProgram(t: TestContext, code: string, nodeArgs: readonly string[] = []): Promise<string> {
  const args = [...nodeArgs, '--import', 'tsx', '--input-type=module', '--eval', code];
  const program = start(t, process.execPath, args);
  const ended = await program.ended;
  if (ended !== 0) throw new Error(`It ended with ${String(ended)}:\n${program.stderr()}`);
  return program.stdout().trim();
}
