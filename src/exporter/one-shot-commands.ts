import type { Flags } from '../command-line/flag.ts';
import { CommandError, UsageError } from '../command-line/usage-error.ts';
import { overridesMistake } from '../registry/current-overrides.ts';
import { saysTls, webConfigMistake } from '../web-config/web-config-file.ts';
import { hashPassword } from './hash-password.ts';
import { unhealthyReason } from './healthcheck.ts';
import type { Program } from './program.ts';

/**
 * Runs the command, or the check of the configuration, that the arguments ask for and returns its output; undefined if
 * they ask for the server.
 *
 * @throws {CommandError} if the command fails or is unknown.
 */
export async function runOneShot<F extends Flags>(program: Program<F>): Promise<string | undefined> {
  const { values, operands } = program.parsed;
  const [command, ...rest] = operands;
  if (command === undefined) return values['config.check'] ? await checkConfig(program) : undefined;
  if (command === 'healthcheck' && rest.length === 0) return await healthcheck(program);
  if (command === 'hash-password' && rest.length <= 1) return await hashPassword(rest[0]);
  throw new UsageError(`unknown command ${operands.join(' ')}; must be healthcheck or hash-password.`);
}

async function checkConfig<F extends Flags>({ options, parsed: { values }, ownFlags }: Program<F>): Promise<string> {
  const path = values['web.config.file'];
  const mistakes = [
    path === '' ? undefined : await webConfigMistake(path),
    overridesMistake(),
    ...((await options.checkConfig?.(ownFlags)) ?? []),
  ].filter((mistake) => mistake !== undefined);
  if (mistakes.length > 0) throw new CommandError(`the configuration is invalid:\n${mistakes.join('\n')}`);
  return 'The configuration is valid.\n';
}

async function healthcheck<F extends Flags>({ options, parsed: { values }, prefix }: Program<F>): Promise<string> {
  const [address = { port: options.defaultPort }] = values['web.listen-address'];
  const reasons: string[] = [];
  // The more likely protocol comes first: after a failed reload the exporter does not use its file.
  const webConfigPath = values['web.config.file'];
  const isTlsLikely = webConfigPath !== '' && (await saysTls(webConfigPath));
  for (const isTls of webConfigPath === '' ? [false] : [isTlsLikely, !isTlsLikely]) {
    const reason = await unhealthyReason({ address, prefix, isTls });
    if (reason === undefined) return 'healthy\n';
    reasons.push(reason);
  }
  throw new CommandError(`unhealthy: ${reasons[0] ?? ''}`);
}
