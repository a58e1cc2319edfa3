import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Flags, type FlagValues, oneOf, portFrom } from '../../command-line/flag.ts';
import { CommandError, UsageError } from '../../command-line/usage-error.ts';
import { thrownText } from '../../model/thrown.ts';
import { version } from '../../model/version.ts';
import { escapeInvisible } from '../command/colors.ts';
import { defineCommand } from '../command/command.ts';
import { author, freePort, installedFrom, parseName, projectName, zeropromSpecifier } from './guesses.ts';
import { projectManifest, readProjectManifest } from './project-manifest.ts';
import { DEPLOYMENTS, type ProjectFile, packageRoot, projectFiles } from './template.ts';

const initFlags = {
  name: {
    help: 'Name of the exporter. By default the name of the package or the folder, with -exporter at its end.',
    placeholder: 'NAME',
    parse: parseName,
  },
  port: {
    help: 'Port on which the exporter listens by default. By default the first free one from 2112 on.',
    placeholder: 'PORT',
    parse: portFrom(1),
  },
  deploy: {
    help: `Files for deployments to generate: ${DEPLOYMENTS.join(', ')}.`,
    default: 'docker',
    parse: oneOf(DEPLOYMENTS),
    isRepeatable: true,
  },
  zeroprom: {
    help: 'Version of zeroprom, or path of its tarball, to depend on. By default where this command was installed from, or its version.',
    placeholder: 'SPEC',
  },
  'dry-run': { help: 'Only print the files that would be written.', isSwitch: true },
  force: { help: 'Replace existing files. A package.json is completed in any case.', isSwitch: true },
} satisfies Flags;

const SUCCESS = 0;
const ERROR = 1;
const MANIFEST = 'package.json';
/** Files that are kept if they exist: no other file depends on them. */
const KEPT = ['.dockerignore', '.gitignore', 'README.md'];

export const init = defineCommand({
  name: 'init',
  operands: '[DIR]',
  summary: 'Generates an exporter in TypeScript with tests, a Dockerfile and a dashboard.',
  description: [
    'DIR is the folder to write to, by default the current one; it is created if it does not exist. The command asks nothing: the name comes from package.json or the folder, the author from the configuration of git.',
    'Existing files are never changed without --force: a README.md, .gitignore and .dockerignore are kept, and other files are an error. A package.json keeps its values and gets the missing ones.',
  ],
  flags: initFlags,
  exitCodes: new Map([
    [SUCCESS, 'The files were written, or printed with --dry-run.'],
    [ERROR, 'Some files exist or cannot be written, or the command line is invalid.'],
  ]),
  errorCode: ERROR,
  run: async ({ flags, operands: [folder = '.', ...more] }, io) => {
    if (more.length > 0) throw new UsageError('at most one folder is allowed.');
    const files = await generatedFiles(folder, flags);
    const present = flags.force ? [] : await presentFiles(folder, files);
    const refused = present.filter((path) => !KEPT.includes(path));
    if (refused.length > 0) {
      const advice = 'Use --force to replace them, or choose another folder.';
      throw new CommandError(`nothing was written, because these files exist: ${refused.join(', ')}. ${advice}`);
    }
    const verb = flags['dry-run'] ? 'would write' : 'wrote';
    for (const { path, text } of files) {
      const isKept = present.includes(path);
      if (!flags['dry-run'] && !isKept) await write(join(folder, path), text);
      await io.write(`${isKept ? 'kept' : verb} ${escapeInvisible(join(folder, path))}\n`);
    }
    const change = folder === '.' ? '' : `cd ${escapeInvisible(shellWord(folder))} && `;
    if (!flags['dry-run']) await io.write(`Next: ${change}npm install && npm test && npm start\n`);
    return SUCCESS;
  },
});

/** All files with their texts; package.json completes an existing one. */
async function generatedFiles(folder: string, flags: FlagValues<typeof initFlags>): Promise<ProjectFile[]> {
  const existing = await readProjectManifest(join(folder, MANIFEST));
  const name = flags.name ?? projectName(folder, existing?.['name']);
  const files = await projectFiles({ name, port: flags.port ?? (await freePort()) }, flags.deploy);
  const source = flags.zeroprom ?? (await installedFrom(await packageRoot()));
  const values = {
    author: await author(folder),
    zeroprom: source === undefined ? `^${version}` : await zeropromSpecifier(source, folder),
    isGiven: flags.zeroprom !== undefined,
  };
  return files.map(({ path, text }) => {
    if (path !== MANIFEST) return { path, text };
    return { path, text: `${JSON.stringify(projectManifest(JSON.parse(text), existing, values), undefined, 2)}\n` };
  });
}

async function presentFiles(folder: string, files: readonly ProjectFile[]): Promise<string[]> {
  const paths = files.map(({ path }) => path).filter((path) => path !== MANIFEST);
  const present = await Promise.all(paths.map((path) => exists(join(folder, path))));
  return paths.filter((_, index) => present[index]);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    // A file in place of a folder is reported when it cannot be written.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw new CommandError(`cannot read ${path}: ${thrownText(error)}`);
  }
}

async function write(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    throw new CommandError(`cannot write ${path}: ${thrownText(error)}`);
  }
}

/** Quotes a word for a shell if it needs quotes. */
function shellWord(text: string): string {
  return /^[\w./@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
