import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { copies, execForm, finalStage, readDockerfile, valuesOf } from './dockerfile.ts';

/** `test/package/init.test.ts` runs the files of the image. */
const FOLDER = 'deploy/templates/docker';
const stages = readDockerfile(`${FOLDER}/Dockerfile`);
const final = finalStage(stages);
const entrypoint = execForm(valuesOf(final, 'ENTRYPOINT')[0] ?? '');

test('the image of a user is built on the same bases as that of the example', () => {
  const bases = (path: string) => readDockerfile(path).map((stage) => valuesOf(stage, 'FROM')[0]);
  assert.deepEqual(bases(`${FOLDER}/Dockerfile`), bases('Dockerfile'));
});

test('the image of a user starts the program of the template without a shell, and checks its health', () => {
  assert.deepEqual(entrypoint, ['/nodejs/bin/node', 'dist/src/exporter.js']);
  assert.deepEqual(execForm(valuesOf(final, 'HEALTHCHECK')[0] ?? ''), [...(entrypoint ?? []), 'healthcheck']);
  assert.deepEqual(valuesOf(final, 'STOPSIGNAL'), ['SIGTERM']);
  assert.deepEqual(valuesOf(final, 'RUN'), []);
});

test('the image of a user runs as the user of the manifests, with a number', () => {
  assert.match(valuesOf(final, 'USER')[0] ?? '', /^[1-9]\d*:[1-9]\d*$/);
});

test('the build of the image gets exactly the files that its Dockerfile copies', () => {
  const lines = readFileSync(`${FOLDER}/dockerignore`, 'utf8').trimEnd().split('\n');
  const copied = stages.flatMap(copies).filter(({ from }) => from === undefined);
  assert.deepEqual(lines, ['*', ...copied.flatMap(({ sources }) => sources).map((source) => `!${source}`)]);
});
