/** The example of an exporter, which opens TCP connections, on other runtimes. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { until } from '../../../test/e2e/prometheus.ts';
import { freePort } from '../../../test/free-port.ts';
import { bun, deno } from './frameworks.ts';
import { startGroup } from './process-group.ts';

const commands = { Bun: [bun], Deno: [deno, 'run', '--allow-all'] };

for (const [runtime, [command = '', ...args]] of Object.entries(commands)) {
  test(`${runtime}: an exporter serves metrics of a server that is down, and ends with 0 on SIGTERM`, async (t) => {
    const [port, closed] = [await freePort(), await freePort()];
    const program = resolve('examples/redis-exporter/redis-exporter.ts');
    const flags = [`--web.listen-address=127.0.0.1:${port}`, `--redis.address=127.0.0.1:${closed}`];
    const exporter = startGroup(t, command, [...args, program, ...flags], {}, process.cwd());
    let page = '';
    await until('it is scraped', async () => {
      if (exporter.hasEnded()) throw new Error(`It ended:\n${exporter.output()}`);
      page = await fetch(`http://127.0.0.1:${port}/metrics`).then(
        (response) => response.text(),
        () => '',
      );
      return page !== '';
    });
    assert.match(page, /^redis_up 0$/m);
    assert.match(page, /^redis_exporter_build_info\{/m);
    exporter.terminate();
    assert.equal(await exporter.ended, 0, exporter.output());
  });
}
