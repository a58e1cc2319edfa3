import type { TestContext } from 'node:test';
import { start } from '../../child.ts';
import { freePort } from '../../free-port.ts';

/** Starts an empty Pushgateway that is killed at the end of the test, and returns its URL. By default, Debian's keeps metrics in a file. */
export async function startPushgateway(t: TestContext): Promise<string> {
  const address = `127.0.0.1:${await freePort()}`;
  const child = start(t, 'prometheus-pushgateway', ['--persistence.file=', `--web.listen-address=${address}`]);
  await child.says(/Listening on/);
  return `http://${address}`;
}

/** Returns the samples that a scrape of the gateway has for a metric, as lines. */
export async function samplesOf(url: string, name: string): Promise<string[]> {
  const exposition = await (await fetch(`${url}/metrics`)).text();
  return exposition.split('\n').filter((line) => line.startsWith(name));
}
