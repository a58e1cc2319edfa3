import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Child, start } from '../child.ts';

/** The folder with the compiled `src/`, from which programs import. */
const COMPILED = join(import.meta.dirname, '../..');

/** Writes a file of overrides, which is removed after the test, and returns its path. */
export function overridesFile(t: TestContext, text: string, name = 'overrides.yml'): string {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Output of a program, and its exit code. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: Child['ended'] extends Promise<infer T> ? T : never;
}

/** Runs a program that may import `./src/NAME.js`. */
export async function run(
  t: TestContext,
  code: string,
  { env = {}, args = [] }: { readonly env?: NodeJS.ProcessEnv; readonly args?: readonly string[] } = {},
): Promise<Ended> {
  const child = start(t, process.execPath, ['--input-type=module', '--eval', code, '-', ...args], env, COMPILED);
  return { code: await child.ended, stdout: child.stdout(), stderr: child.stderr() };
}

/** Runs a program with overrides in a file that the environment names. */
export function runWith(t: TestContext, overrides: string, code: string): Promise<Ended> {
  return run(t, code, { env: { ZEROPROM_OVERRIDES: overridesFile(t, overrides) } });
}
