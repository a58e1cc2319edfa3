import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Registry } from '../../src/index.ts';
import { HttpServerMetrics, instrumentHttpClient, instrumentListener } from '../../src/instrument/index.ts';
import { assertGolden } from '../golden.ts';
import { serve } from '../http/serve.ts';
import { needs, runInstalled } from '../installed-programs.ts';
import { countedWhen } from './counted.ts';

/** Makes one request, measured by client and server. */
async function scrape(t: TestContext): Promise<string> {
  const registry = new Registry();
  const metrics = new HttpServerMetrics({ registry });
  const listener = instrumentListener((_, response) => response.end('hi'), { metrics, route: () => '/users/:id' });
  const url = await serve(t, listener);
  const clients = instrumentHttpClient({ registry });
  t.after(() => clients.stop());
  await (await fetch(url)).text();
  await countedWhen(registry, 1);
  return registry.expose();
}

test('the metrics of HTTP match the golden file', async (t) => {
  const text = await scrape(t);
  assertGolden('http-metrics.txt', text.replace(/^([^#].*) \S+$/gm, '$1 V').replace(/host="[^"]*"/g, 'host="…"'));
});

test('promtool accepts the metrics of HTTP', needs('promtool'), async (t) => {
  assert.match(await scrape(t), /^http_client_request_duration_seconds_count/m);
  runInstalled('promtool', ['check', 'metrics'], await scrape(t));
});
