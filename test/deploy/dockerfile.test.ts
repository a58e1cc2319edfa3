import assert from 'node:assert/strict';
import { execFileSync, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { isLong } from '../long.ts';
import { copies, execForm, finalStage, readDockerfile, type Stage, stageName, valuesOf } from './dockerfile.ts';

const stages = readDockerfile('Dockerfile');
const final = finalStage(stages);
const entrypoint = execForm(valuesOf(final, 'ENTRYPOINT')[0] ?? '') ?? [];
const healthcheck = execForm(valuesOf(final, 'HEALTHCHECK')[0] ?? '') ?? [];
const folders: string[] = [];
let imageFolder: string | undefined;
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

test('the image is built in one stage and runs in another, each on a base with a tag', () => {
  assert.equal(stages.length, 2);
  for (const stage of stages) assert.match(stage[0]?.value ?? '', /^\S+:[\w.-]+( AS \w+)?$/);
  assert.doesNotMatch(valuesOf(final, 'FROM')[0] ?? '', /:latest/);
});

test('the exporter is started without a shell and is the process that gets SIGTERM', () => {
  assert.deepEqual(entrypoint, ['/nodejs/bin/node', 'dist/server.js']);
  assert.deepEqual(valuesOf(final, 'STOPSIGNAL'), ['SIGTERM']);
  assert.deepEqual(valuesOf(final, 'CMD'), []);
});

test('the exporter does not run as root, which its user’s number shows', () => {
  const users = valuesOf(final, 'USER');
  assert.equal(users.length, 1);
  assert.match(users[0] ?? '', /^[1-9]\d*:[1-9]\d*$/);
});

test('the health check is the exporter’s own sub-command, without a shell', () => {
  assert.deepEqual(healthcheck, [...entrypoint, 'healthcheck']);
});

test('the image listens where the exporter does by default', () => {
  assert.deepEqual(valuesOf(final, 'EXPOSE'), ['2112']);
});

test('the image has labels that describe it', () => {
  const labels = valuesOf(final, 'LABEL').join(' ');
  for (const label of ['title', 'description', 'licenses', 'version', 'revision']) {
    assert.match(labels, new RegExp(`org\\.opencontainers\\.image\\.${label}="`));
  }
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  assert.ok(valuesOf(final, 'ARG').includes(`VERSION=${version}`), `The Dockerfile should say VERSION=${version}.`);
});

test('the final stage runs no command and holds dist/ and package.json, nothing else', () => {
  assert.deepEqual(valuesOf(final, 'RUN'), []);
  assert.deepEqual(valuesOf(final, 'ADD'), []);
  const sources = copies(final).flatMap((copy) => copy.sources);
  assert.deepEqual(sources, ['package.json', '/build/dist']);
});

test('.dockerignore includes exactly the files that the Dockerfile copies', () => {
  const lines = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const copied = stages.flatMap(copies).filter(({ from }) => from === undefined);
  assert.equal(lines[0], '*');
  assert.deepEqual(
    new Set(lines.slice(1).map((line) => line.replace(/^!/, ''))),
    new Set(copied.flatMap(({ sources }) => sources)),
  );
});

test('the image holds package.json and dist/, which the files that the Dockerfile copies can build', () => {
  assert.deepEqual(readdirSync(image()).sort(), ['dist', 'package.json']);
});

test('the files of the image run by themselves in an empty folder', () => {
  const { status, stdout, stderr } = runInImage([...entrypoint, '--version']);
  assert.equal(status, 0, stderr);
  assert.notEqual(stdout, '');
});

test('the exporter in the image shows its metrics, reports its health and stops on SIGTERM', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const env = { EXAMPLE_EXPORTER_WEB_LISTEN_ADDRESS: address };
  assert.equal(runInImage(healthcheck, env).status, 1, 'An exporter that does not run is not healthy.');

  const exporter = spawn(process.execPath, entrypoint.slice(1), { cwd: image(), env, stdio: 'ignore' });
  const exit = once(exporter, 'exit');
  try {
    for (let tries = 0; tries < 50 && runInImage(healthcheck, env).status !== 0; tries++) await setTimeout(100);
    assert.equal(runInImage(healthcheck, env).status, 0, 'The exporter runs and is not healthy.');
    const page = await (await fetch(`http://${address}/metrics`)).text();
    assert.match(page, /^example_total\{hoge="hogehoge"\} \d+$/m);
    assert.match(page, /^example_number\{fuga="fugafuga"\} -?[\d.e-]+$/m);
  } finally {
    exporter.kill('SIGTERM');
  }
  assert.deepEqual(await exit, [0, null]);
});

/** A folder with the files of the final stage, in place of its WORKDIR. */
function image(): string {
  imageFolder ??= buildImage();
  return imageFolder;
}

/**
 * Follows the Dockerfile, except for `npm ci`: it uses the packages of this checkout. `npm test` also copies the build
 * of this checkout.
 */
function buildImage(): string {
  assert.ok(existsSync('src/server.ts'), 'There is no src/server.ts, so no dist/server.js for the image to run.');
  const build = stages.find((stage) => stageName(stage) === 'build') ?? [];
  const buildFolder = copyFiles(build, (source) => source);
  if (isLong) {
    symlinkSync(resolve('node_modules'), join(buildFolder, 'node_modules'));
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: buildFolder });
  } else {
    cpSync('dist', join(buildFolder, 'dist'), { recursive: true });
  }
  const [workdir = ''] = valuesOf(build, 'WORKDIR');
  return copyFiles(final, (source, from) =>
    from === undefined ? source : join(buildFolder, relative(workdir, source)),
  );
}

function copyFiles(stage: Stage, locate: (source: string, from: string | undefined) => string): string {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-image-'));
  folders.push(folder);
  for (const { from, sources, target } of copies(stage)) {
    for (const source of sources) {
      const name = target.endsWith('/') ? join(target, basename(source)) : target;
      cpSync(locate(source, from), join(folder, name), { recursive: true });
    }
  }
  return folder;
}

/** Runs a command of the image with the Node.js that runs the tests. */
function runInImage([, ...args]: readonly string[], env: Record<string, string> = {}): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, args, { cwd: image(), env, encoding: 'utf8' });
}
