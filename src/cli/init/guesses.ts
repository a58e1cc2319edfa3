import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { readProjectManifest } from './project-manifest.ts';
import { isFolder } from './template.ts';

const FIRST_PORT = 2112;
const PORTS = 100;
const LONGEST_NAME = 40; // Grafana allows 40 characters in a uid.
const GIT_TIMEOUT_MS = 2000;

/** Returns a name for the exporter: that of the package, or of the folder, in lower case and with "-exporter" at the end. */
export function projectName(folder: string, packageName: unknown): string {
  const given = typeof packageName === 'string' ? packageName.replace(/^@[^/]*\//, '') : basename(resolve(folder));
  const words = given.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const name = words
    .join('-')
    .replace(/^[-0-9]+/, '')
    .replace(/-?exporter$/, '');
  return `${(name || 'my').slice(0, LONGEST_NAME - '-exporter'.length).replace(/-$/, '')}-exporter`;
}

/** Parses `--name`. Throws a RangeError if it cannot be the name of a package, a metric and a Kubernetes object. */
export function parseName(text: string): string {
  const name = text.replaceAll('_', '-');
  if (name.length <= LONGEST_NAME && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return name;
  throw new RangeError(
    `must have lower-case letters, digits and dashes, start with a letter, and have at most ${LONGEST_NAME} characters, got ${JSON.stringify(text)}.`,
  );
}

/** Returns the first port from 2112 on that is free on this machine. */
export async function freePort(): Promise<number> {
  for (let port = FIRST_PORT; port < FIRST_PORT + PORTS; port++) if (await isFree(port)) return port;
  return FIRST_PORT;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

/** Returns the author as git knows it, `Name <address>`; undefined without git or a name. */
export async function author(folder: string): Promise<string | undefined> {
  const cwd = (await isFolder(folder)) ? folder : '.'; // It may not exist yet.
  const [name, email] = await Promise.all([gitSetting(cwd, 'user.name'), gitSetting(cwd, 'user.email')]);
  if (name === '') return undefined;
  return email === '' ? name : `${name} <${email}>`;
}

function gitSetting(cwd: string, key: string): Promise<string> {
  return new Promise((resolve) => {
    execFile('git', ['config', '--get', key], { cwd, timeout: GIT_TIMEOUT_MS }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : ''),
    );
  });
}

/**
 * Returns the path that this package was installed from, such as that of a tarball; undefined if it comes from a registry. `root`
 * is the folder of the package. Works with `npx`, too, which installs into a folder with a package.json.
 */
export async function installedFrom(root: string): Promise<string | undefined> {
  if (basename(dirname(root)) !== 'node_modules') return undefined;
  const project = dirname(dirname(root));
  const manifest = await readProjectManifest(join(project, 'package.json')).catch(() => undefined);
  const specifiers = [manifest?.['dependencies'], manifest?.['devDependencies']].map((each) => Object(each).zeroprom);
  const path = specifiers.find((each): each is string => typeof each === 'string' && each.startsWith('file:'));
  if (path === undefined) return undefined;
  const source = join(project, path.slice('file:'.length));
  return (await exists(source)) ? source : undefined;
}

/** Returns what package.json depends on: a path on this machine becomes relative to the folder. */
export async function zeropromSpecifier(given: string, folder: string): Promise<string> {
  const path = given.replace(/^file:/, '');
  return (await exists(path)) ? `file:${relative(resolve(folder), resolve(path)).split(sep).join('/')}` : given;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
