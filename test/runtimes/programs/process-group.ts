import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

/** A program with the programs that it starts. */
export interface Group {
  /** Everything that they have written so far. */
  readonly output: () => string;
  readonly hasEnded: () => boolean;
  /** Sends SIGTERM to the first program. */
  readonly terminate: () => void;
  /** Exit code or signal of the first program. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Starts a program in a process group of its own, which is killed when the test ends. */
export function startGroup(
  t: TestContext,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Group {
  const options = { cwd, env: { ...process.env, ...env }, detached: true } as const;
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  let hasEnded = false;
  const ended = once(child, 'exit').then(([code, signal]) => {
    hasEnded = true;
    return code ?? signal;
  });
  t.after(async () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {} // All of them have ended.
    await ended;
  });
  return { output: () => output, hasEnded: () => hasEnded, terminate: () => child.kill('SIGTERM'), ended };
}
