import { CommandError, UsageError } from '../command-line/usage-error.ts';
import { hashPassword } from './hash-password.ts';
import { unhealthyReason } from './healthcheck.ts';
import type { ListenAddress } from './server/listen-address.ts';

/** What a program can do instead of serving. */
export const COMMANDS: Readonly<Record<string, string>> = {
  healthcheck: 'Ask a running exporter with the same flags whether it is healthy; exit code 0 if so, 1 if not.',
  'hash-password [bcrypt]': 'Read a password from stdin and print its hash for the web configuration.',
};

export interface CommandContext {
  readonly address: ListenAddress;
  readonly prefix: string;
  /** Whether to connect with TLS, in the order of likelihood. */
  readonly isTls: () => Promise<readonly boolean[]>;
}

/** Runs a command and returns what to print. Throws a CommandError if it fails. */
export async function runCommand(commands: readonly string[], context: CommandContext): Promise<string> {
  const [command, ...rest] = commands;
  if (command === 'healthcheck' && rest.length === 0) return await healthcheck(context);
  if (command === 'hash-password' && rest.length <= 1) return await hashPassword(rest[0]);
  throw new UsageError(`unknown command ${commands.join(' ')}; must be healthcheck or hash-password.`);
}

async function healthcheck({ address, prefix, isTls }: CommandContext): Promise<string> {
  const reasons: string[] = [];
  for (const each of await isTls()) {
    const reason = await unhealthyReason({ address, prefix, isTls: each });
    if (reason === undefined) return 'healthy\n';
    reasons.push(reason);
  }
  throw new CommandError(`unhealthy: ${reasons[0] ?? ''}`);
}
