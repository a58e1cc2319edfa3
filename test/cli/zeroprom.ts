import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { paintFor } from '../../src/cli/command/colors.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { type Child, start } from '../child.ts';

/** Executable and first arguments of the command. */
export const program = [process.execPath, join(import.meta.dirname, '../../src/cli/main.js')] as const;

export interface Ended {
  readonly code: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in this process, because starting another takes a second of CPU time. */
export async function zeroprom(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  const decoder = new TextDecoder();
  const code = await runCli(args, (name) => ({
    stdin: Readable.from([]),
    isTerminal: false,
    columns: 80,
    rows: 24,
    paint: paintFor(false, env),
    write: async (chunk) => {
      stdout += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    },
    progress: () => {},
    complain: (message) => {
      stderr += `zeroprom${name === '' ? '' : ` ${name}`}: ${message}\n`;
    },
  }));
  return { code, stdout, stderr };
}

export function startZeroprom(t: TestContext, args: readonly string[], env: NodeJS.ProcessEnv = {}): Child {
  const [command, ...rest] = program;
  return start(t, command, [...rest, ...args], env);
}

/** Runs a shell command line in which `zeroprom` is available. */
export async function shell(t: TestContext, line: string): Promise<Ended> {
  const quoted = program.map((part) => `'${part}'`).join(' ');
  return end(start(t, 'bash', ['-c', `zeroprom() { ${quoted} "$@"; }\n${line}`]));
}

/** Writes files into a temporary folder for the test; returns a function that resolves their names. */
export function folderOf(
  t: TestContext,
  files: Readonly<Record<string, string | Uint8Array>>,
): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-cli-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return (name) => join(folder, name);
}

async function end(child: Child): Promise<Ended> {
  const code = await child.ended;
  return { code, stdout: child.stdout(), stderr: child.stderr() };
}
