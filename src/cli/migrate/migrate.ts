import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Flags } from '../../command-line/flag.ts';
import { oneOf } from '../../command-line/flag.ts';
import { CommandError, UsageError } from '../../command-line/usage-error.ts';
import { thrownText } from '../../model/thrown.ts';
import { defineCommand } from '../command/command.ts';
import { type Alias, aliasEdits, aliases, declaredRange, packageManagerOf } from './aliases.ts';
import { apiUses } from './api-uses.ts';
import { installedPackages } from './dependants.ts';
import { type Edit, edited, type Manifest, readManifest } from './manifest.ts';
import { type MigrationReport, migrationFormats, type ReportedUse } from './migration-report.ts';
import { sourceFiles } from './source-files.ts';
import { verdictOf } from './verdict.ts';

const flags = {
  write: { help: 'Change package.json. Sources are never changed.', isSwitch: true },
  alias: {
    help: 'What to write for a package instead of the published alias, such as prom-client=file:zeroprom-prom-client-15.2.0.tgz.',
    placeholder: 'NAME=SPECIFIER',
    parse: parseAlias,
    isRepeatable: true,
  },
  format: { help: 'Output format: text or json.', default: 'text', parse: oneOf(['text', 'json']) },
} satisfies Flags;

const NOTHING_DIFFERS = 0;
const ERROR = 1;
const DIFFERENCES = 3;

export const migrate = defineCommand({
  name: 'migrate',
  operands: '[FOLDER]',
  summary: 'Reports what it means for a project to switch from prom-client to zeroprom.',
  description: [
    'FOLDER contains the package.json of the project; by default it is the current folder. Reads package.json, the installed packages and the sources, and prints what to write to package.json, the packages that use prom-client, and each use of its API that differs or that must be checked by hand.',
    'The scan knows strings, comments and regular expressions, but not types: metrics that come from other files are not followed.',
  ],
  flags,
  exitCodes: new Map([
    [NOTHING_DIFFERS, 'All uses stay the same.'],
    [ERROR, 'The project cannot be read or the command line is invalid.'],
    [DIFFERENCES, 'Some uses differ or must be checked by hand.'],
  ]),
  errorCode: ERROR,
  run: async ({ flags, operands: [root = '.', ...more] }, io) => {
    if (more.length > 0) throw new UsageError('at most one folder is allowed.');
    const path = join(root, 'package.json');
    const manifest = await readProject(path);
    const specifiers = new Map(flags.alias);
    const chosen = aliases.map((alias) => ({ ...alias, specifier: specifiers.get(alias.name) ?? alias.specifier }));
    const report = await reportOn(root, manifest, chosen);
    if (flags.write && report.edits.length > 0) await write(path, manifest, report.edits);
    await migrationFormats[flags.format](report, flags.write, io);
    return report.uses.every(({ verdict }) => verdict === 'same') && report.skipped.length === 0
      ? NOTHING_DIFFERS
      : DIFFERENCES;
  },
});

function parseAlias(text: string): readonly [name: string, specifier: string] {
  const [, name = '', specifier = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (aliases.some((alias) => alias.name === name)) return [name, specifier];
  throw new RangeError(
    `must be NAME=SPECIFIER with one of the names ${aliases.map((alias) => alias.name).join(', ')}, got ${text}.`,
  );
}

async function readProject(path: string): Promise<Manifest> {
  try {
    return await readManifest(path);
  } catch (error) {
    throw new CommandError(`cannot read ${path}: ${thrownText(error)}`);
  }
}

async function write(path: string, manifest: Manifest, edits: readonly Edit[]): Promise<void> {
  try {
    await writeFile(path, edited(manifest, edits));
  } catch (error) {
    throw new CommandError(`cannot write ${path}: ${thrownText(error)}`);
  }
}

async function reportOn(root: string, manifest: Manifest, chosen: readonly Alias[]): Promise<MigrationReport> {
  const names = chosen.map(({ name }) => name);
  const installed = await installedPackages(root, names);
  const manager = packageManagerOf(root, manifest);
  const used = chosen.filter(
    ({ name }) => declaredRange(manifest, name) !== undefined || installed.dependants.some(({ uses }) => uses === name),
  );
  const skipped: { path: string; reason: string }[] = [];
  const uses: ReportedUse[] = [];
  for await (const { path, text } of sourceFiles(root, (path, reason) => skipped.push({ path, reason }))) {
    for (const name of names) uses.push(...usesIn(path, text, name));
  }
  return {
    manager,
    edits: used.flatMap((alias) => aliasEdits(manifest, alias, manager)),
    ranges: used.map((alias) => ({ ...alias, range: declaredRange(manifest, alias.name) })),
    ...installed,
    uses,
    skipped,
  };
}

function usesIn(path: string, text: string, packageName: string): ReportedUse[] {
  const found = apiUses(text, packageName);
  const places = found.length === 0 ? undefined : new Places(text);
  return found.map((use) => {
    const { kind, message } = verdictOf(use);
    return {
      path,
      ...(places?.of(use.offset) ?? { line: 1, column: 1 }),
      package: packageName,
      use: use.text,
      verdict: kind,
      message,
    };
  });
}

/** Lines and columns of increasing offsets. */
class Places {
  readonly #text: string;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  of(offset: number): { readonly line: number; readonly column: number } {
    for (let end = this.#text.indexOf('\n', this.#lineStart); end >= 0 && end < offset; ) {
      this.#line++;
      this.#lineStart = end + 1;
      end = this.#text.indexOf('\n', this.#lineStart);
    }
    return { line: this.#line, column: offset - this.#lineStart + 1 };
  }
}
