import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildInfo } from '../../src/collectors/index.ts';
import { Registry } from '../../src/index.ts';

test('the build info has the form of other exporters', async () => {
  const registry = new Registry();
  buildInfo({ name: 'my_exporter', version: '1.2.3', revision: 'abc', branch: 'main', registry });
  const { version, platform, arch } = process;
  assert.equal(
    await registry.expose(),
    `# HELP my_exporter_build_info A metric with a constant '1' value labeled by the build of my_exporter and the platform that it runs on.
# TYPE my_exporter_build_info gauge
my_exporter_build_info{version="1.2.3",revision="abc",branch="main",nodeversion="${version}",os="${platform}",arch="${arch}"} 1
`,
  );
});

test('missing facts have no label', async () => {
  const registry = new Registry();
  buildInfo({ name: 'my_exporter', version: '1.2.3', registry });
  assert.doesNotMatch(await registry.expose(), /revision|branch|undefined/);
});

test('the build info can be stopped', async () => {
  const registry = new Registry();
  buildInfo({ name: 'my_exporter', version: '1.2.3', registry }).stop();
  assert.equal(await registry.expose(), '');
});
