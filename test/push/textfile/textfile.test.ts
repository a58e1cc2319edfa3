import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Counter, Gauge, Registry } from '../../../src/index.ts';
import type { MetricFamily } from '../../../src/model/index.ts';
import { TextfileWriter, writeTextfile } from '../../../src/push/index.ts';

const isWindows = process.platform === 'win32';

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-textfile-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function newRegistry(): { readonly registry: Registry; readonly rows: Counter } {
  const registry = new Registry();
  return { registry, rows: new Counter({ name: 'rows_total', help: 'Rows.', registry }) };
}

function registryWith(...families: readonly MetricFamily[]): Registry {
  const registry = new Registry();
  registry.register({ collect: () => families });
  return registry;
}

test('a file in the text format replaces the previous one', async (t) => {
  const folder = newFolder(t);
  const path = join(folder, 'job.prom');
  const { registry, rows } = newRegistry();
  await writeTextfile(path, { registry });
  rows.inc(5);
  const { bytes, failures } = await writeTextfile(path, { registry });
  const written = readFileSync(path, 'utf8');
  assert.equal(written, '# HELP rows_total Rows.\n# TYPE rows_total counter\nrows_total 5\n');
  assert.deepEqual([bytes, failures], [written.length, []]);
  assert.deepEqual(readdirSync(folder), ['job.prom']);
});

test('all users may read the file, regardless of the umask', { skip: isWindows }, async (t) => {
  const path = join(newFolder(t), 'job.prom');
  const umask = process.umask(0o077);
  t.after(() => process.umask(umask));
  await writeTextfile(path, { registry: new Registry() });
  assert.equal(statSync(path).mode & 0o777, 0o644);
});

test('readers never see a part of a file', async (t) => {
  const path = join(newFolder(t), 'job.prom');
  const registry = new Registry();
  const value = new Gauge({ name: 'value', help: 'Value.', labelNames: ['i'], registry });
  const set = (to: number) => {
    for (let i = 0; i < 2000; i++) value.set({ i }, to);
  };
  set(0);
  await writeTextfile(path, { registry });
  const { size } = statSync(path);
  let isWriting = true;
  const writes = (async () => {
    for (let round = 1; round < 10; round++) {
      set(round);
      await writeTextfile(path, { registry });
    }
    isWriting = false;
  })();
  while (isWriting) {
    assert.equal(readFileSync(path).length, size);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writes;
});

for (const [what, family, message] of [
  ['a timestamp', { name: 'a', help: '', type: 'gauge', points: [{ value: 1, timestamp: 0 }] }, /a has a timestamp/],
  [
    'a name of node_exporter',
    { name: 'node_load1', help: '', type: 'gauge', points: [{ value: 1 }] },
    /node_load1 must/,
  ],
] as const) {
  test(`a metric with ${what} is refused, and the file does not change`, async (t) => {
    const folder = newFolder(t);
    const path = join(folder, 'job.prom');
    writeFileSync(path, 'before');
    const registry = registryWith({ name: '_', help: '', type: 'gauge', points: [] }, family);
    await assert.rejects(writeTextfile(path, { registry }), { name: 'RangeError', message });
    assert.equal(readFileSync(path, 'utf8'), 'before');
    assert.deepEqual(readdirSync(folder), ['job.prom']);
  });
}

test('a name that node_exporter would ignore is refused', async (t) => {
  const folder = newFolder(t);
  for (const name of ['job', 'job.txt', 'job.prom.tmp', '.prom', 'job.PROM']) {
    await assert.rejects(writeTextfile(join(folder, name), { registry: new Registry() }), RangeError, name);
    assert.throws(() => new TextfileWriter(join(folder, name)), RangeError, name);
  }
  await assert.rejects(writeTextfile(undefined as unknown as string), TypeError);
});

test('a failed write leaves no temporary file', async (t) => {
  const folder = newFolder(t);
  const path = join(folder, 'job.prom');
  mkdirSync(path); // The temporary file cannot replace a folder.
  await assert.rejects(writeTextfile(path, { registry: new Registry() }), /EISDIR/);
  await assert.rejects(writeTextfile(join(folder, 'missing', 'job.prom'), { registry: new Registry() }), /ENOENT/);
  assert.deepEqual(readdirSync(folder), ['job.prom']);
});

test('the first write removes temporary files of the same path only', async (t) => {
  const folder = newFolder(t);
  for (const name of ['.job.prom.0123.tmp', '.other.prom.0123.tmp', 'job.prom.tmp'])
    writeFileSync(join(folder, name), '');
  const { registry } = newRegistry();
  await new TextfileWriter(join(folder, 'job.prom'), { registry }).write();
  assert.deepEqual(readdirSync(folder).sort(), ['.other.prom.0123.tmp', 'job.prom', 'job.prom.tmp']);
});

test('concurrent writes follow each other, and remove() comes last', async (t) => {
  const folder = newFolder(t);
  const { registry, rows } = newRegistry();
  const textfile = new TextfileWriter(join(folder, 'job.prom'), { registry });
  const writes = [textfile.write(), textfile.write()];
  rows.inc(3);
  await Promise.all(writes);
  assert.match(readFileSync(textfile.path, 'utf8'), /rows_total 3/);
  const last = textfile.write();
  await textfile.remove();
  await last;
  assert.deepEqual(readdirSync(folder), []);
  await textfile.remove();
});

test('a write that fails does not prevent the next one', async (t) => {
  const folder = newFolder(t);
  const { registry } = newRegistry();
  const timed = registryWith({ name: 'a', help: '', type: 'gauge', points: [{ value: 1, timestamp: 5 }] });
  let current: Registry = timed;
  const textfile = new TextfileWriter(join(folder, 'job.prom'), {
    registry: { gather: (options) => current.gather(options) },
  });
  await assert.rejects(textfile.write(), RangeError);
  current = registry;
  await textfile.write();
  assert.match(readFileSync(textfile.path, 'utf8'), /rows_total 0/);
});
