import { spawnSync } from 'node:child_process';

const packages = { promtool: 'prometheus', amtool: 'prometheus-alertmanager' } as const;

/** Runs a tool of Prometheus and throws, with what it printed, if it finds fault; a missing tool is an error too. */
export function runDebianTool(tool: keyof typeof packages, args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(tool, args, { encoding: 'utf8' });
  if (error !== undefined) {
    const debianPackage = packages[tool];
    throw new Error(`${tool} cannot be run (${error.message}): apt-get install ${debianPackage}.`, { cause: error });
  }
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')} finds fault:\n${stdout}${stderr}`);
}
