import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, relative, resolve, sep } from 'node:path';

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
  const [name, email] = await Promise.all([gitSetting(folder, 'user.name'), gitSetting(folder, 'user.email')]);
  if (name === '') return undefined;
  return email === '' ? name : `${name} <${email}>`;
}

/** The folder may not exist yet. */
async function gitSetting(folder: string, key: string): Promise<string> {
  const cwd = await stat(folder).then(
    (found) => (found.isDirectory() ? folder : '.'),
    () => '.',
  );
  return new Promise((resolve) => {
    execFile('git', ['config', '--get', key], { cwd, timeout: GIT_TIMEOUT_MS }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : ''),
    );
  });
}

/** Returns what package.json depends on: a path on this machine becomes relative to the folder. */
export async function zeropromSpecifier(given: string, folder: string): Promise<string> {
  const path = given.replace(/^file:/, '');
  const exists = await stat(path).then(
    () => true,
    () => false,
  );
  return exists ? `file:${relative(resolve(folder), resolve(path)).split(sep).join('/')}` : given;
}
