import type { TestContext } from 'node:test';
import { startListening } from '../../child.ts';

/**
 * Starts an empty Pushgateway that is killed at the end of the test, and returns its URL. By default, Debian's keeps metrics
 * in a file.
 */
export async function startPushgateway(t: TestContext): Promise<string> {
  const { url } = await startListening(t, 'prometheus-pushgateway', ['--persistence.file=']);
  return url;
}

/** Returns the samples that a scrape of the gateway has for a metric, as lines. */
export async function samplesOf(url: string, name: string): Promise<string[]> {
  const exposition = await (await fetch(`${url}/metrics`)).text();
  return exposition.split('\n').filter((line) => line.startsWith(name));
}
