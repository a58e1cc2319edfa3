/** However a connection ends, each of its requests is counted once, and none is in flight afterwards. */
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { Registry } from '../../src/index.ts';
import { HttpServerMetrics } from '../../src/instrument/index.ts';
import { valuesOf } from '../collectors/scrape.ts';
import { Arena, heldBack } from '../http/arena.ts';
import { type ConnectionEnd, connectionEnds } from '../http/connection-ends.ts';
import { countedBy } from './counted.ts';
import { frameworks } from './frameworks.ts';

const asItIs = (listener: RequestListener) => listener;

for (const [framework, { create, isForHttp2 }] of Object.entries(frameworks)) {
  const ends = connectionEnds.filter(({ protocol }) => protocol !== 'http2' || isForHttp2);
  for (const end of ends) check(`${framework}: ${end.name}`, end, create, asItIs);
  for (const end of ends.filter(({ canBeHeldBack }) => canBeHeldBack)) {
    check(`${framework}: ${end.name}, before the middleware runs`, end, create, heldBack);
  }
}

function check(
  name: string,
  end: ConnectionEnd,
  create: (metrics: HttpServerMetrics) => Promise<RequestListener>,
  wrap: (listener: RequestListener) => RequestListener,
): void {
  test(name, async (t) => {
    const registry = new Registry();
    const listener = await create(new HttpServerMetrics({ registry }));
    await end.run(await Arena.start(t, end, wrap(listener)));
    const expected = { inFlight: 0, whole: end.whole, aborted: end.aborted };
    await settled(registry, expected);
    assert.deepEqual(await outcomes(registry), expected);
  });
}

interface Outcomes {
  readonly inFlight: number | undefined;
  readonly whole: number;
  readonly aborted: number;
}

/** Waits until requests have been counted as they should be, or for as long as that may take. */
async function settled(registry: Registry, expected: Outcomes): Promise<void> {
  const deadline = performance.now() + 5_000;
  const isReached = ({ inFlight, whole, aborted }: Outcomes) =>
    inFlight === expected.inFlight && whole + aborted >= expected.whole + expected.aborted;
  while (!isReached(await outcomes(registry)) && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function outcomes(registry: Registry): Promise<Outcomes> {
  const counts = Object.entries(await countedBy(registry));
  const sum = (matches: (status: string) => boolean) =>
    counts.filter(([key]) => matches(key.split(' ')[2] ?? '')).reduce((total, [, count]) => total + count, 0);
  return {
    inFlight: (await valuesOf(registry)).get('http_requests_in_flight'),
    whole: sum((status) => status !== 'aborted'),
    aborted: sum((status) => status === 'aborted'),
  };
}
