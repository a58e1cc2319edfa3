import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'zeroprom';
import { sampleValue } from 'zeroprom/testing';
import { fileSystems } from '../src/file-systems.ts';

test('the free space of a file system is at most its size', async () => {
  const collector = fileSystems(['/']);
  const size = await sampleValue(collector, 'my_filesystem_size_bytes', { path: '/' });
  const free = await sampleValue(collector, 'my_filesystem_free_bytes', { path: '/' });
  assert.ok(size !== undefined && free !== undefined);
  assert.ok(free <= size);
});

test('my_up is 0 if a path does not exist', async () => {
  const registry = new Registry();
  registry.register(fileSystems(['/does/not/exist']));
  assert.match(await registry.expose(), /^my_up 0$/m);
});
