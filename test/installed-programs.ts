import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The Debian package of each program that tests start. */
const packages = {
  amtool: 'prometheus-alertmanager',
  chromium: 'chromium',
  curl: 'curl',
  prlimit: 'util-linux',
  prometheus: 'prometheus',
  promtool: 'prometheus',
  'prometheus-pushgateway': 'prometheus-pushgateway',
  ps: 'procps',
  'redis-server': 'redis-server',
  'systemd-analyze': 'systemd',
  'systemd-socket-activate': 'systemd',
  unshare: 'util-linux',
} as const;

export type Program = keyof typeof packages;

/**
 * Options for a test that starts these programs. Without them, the test is skipped and `scripts/test.ts` says how to install
 * them. With `CI=true`, it runs anyway and fails.
 */
export function needs(...programs: readonly Program[]): { skip: string | false } {
  const missing = process.env.CI === 'true' ? [] : programs.filter((program) => pathOf(program) === undefined);
  return { skip: missing.length > 0 && missing.map(howToInstall).join(' ') };
}

/** Runs a program to its end, and throws an error with its output if it reports a problem. */
export function runInstalled(program: Program, args: readonly string[], input = ''): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', input });
  if (error) throw new Error(`${howToInstall(program)} (${error.message})`, { cause: error });
  // `promtool check metrics` prints problems and may still exit with 0.
  if (status === 0 && (args[1] !== 'metrics' || stdout + stderr === '')) return;
  throw new Error(`${program} ${args.join(' ')} reported:\n${stdout}${stderr}`);
}

/** Returns the path of an installed program; undefined if it is not installed. */
export function pathOf(program: Program): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function howToInstall(program: Program): string {
  return `${program} is not installed: apt-get install ${packages[program]}.`;
}
