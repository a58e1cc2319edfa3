import { spawnSync } from 'node:child_process';

const packages = {
  prometheus: 'prometheus',
  promtool: 'prometheus',
  amtool: 'prometheus-alertmanager',
} as const;

type Tool = keyof typeof packages;

/** The name to start a program of Debian's by; throws where it is not installed, and says how to. */
export function debianTool(tool: Tool): string {
  const { error } = spawnSync(tool, ['--version']);
  if (error === undefined) return tool;
  throw new Error(`${tool} cannot be run (${error.message}): apt-get install ${packages[tool]}.`, { cause: error });
}

/** Runs a tool to its end, and throws, with what it printed, if it finds fault. */
export function runDebianTool(tool: Tool, args: readonly string[], input = ''): void {
  const { status, stdout, stderr } = spawnSync(debianTool(tool), args, { encoding: 'utf8', input });
  // `promtool check metrics` prints what it finds and may still end with 0.
  if (status === 0 && (args[1] !== 'metrics' || stdout + stderr === '')) return;
  throw new Error(`${tool} ${args.join(' ')} finds fault:\n${stdout}${stderr}`);
}
