import type { Registry } from '../../src/index.ts';
import { valuesOf } from '../collectors/scrape.ts';

/** Returns the number of counted requests by `method route status_code`. */
export async function countedBy(registry: Registry): Promise<Record<string, number>> {
  return countedIn(await valuesOf(registry));
}

/** The same for values that have been scraped. */
export function countedIn(values: ReadonlyMap<string, number>): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const [series, value] of values) {
    const [, method, route, status] =
      /^http_request_duration_seconds_count\{method="(.*?)",route="(.*?)",status_code="(.*?)"\}/.exec(series) ?? [];
    if (method !== undefined) counted[`${method} ${route} ${status}`] = value;
  }
  return counted;
}

/** Waits until this many requests were counted: a client has the response before the server closes it. */
export async function countedWhen(registry: Registry, count: number): Promise<Record<string, number>> {
  for (;;) {
    const counted = await countedBy(registry);
    if (Object.values(counted).reduce((sum, value) => sum + value, 0) >= count) return counted;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
