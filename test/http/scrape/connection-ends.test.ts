/** However a connection ends, each of its scrapes is counted once, leaves its place and has its gathering aborted. */
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { metricsHandler, Registry } from '../../../src/index.ts';
import { valuesOf } from '../../collectors/scrape.ts';
import { Arena, heldBack } from '../arena.ts';
import { type ConnectionEnd, connectionEnds } from '../connection-ends.ts';
import { GatedCollector } from '../gate.ts';
import { seriesOf } from '../large-registry.ts';

/** More than the buffers of a connection hold, and less than may be kept for a response that waits behind another. */
const large = seriesOf(12_000);
const small = seriesOf(1);

/** Scrapes have no bodies. */
for (const end of connectionEnds.filter(({ hasBody }) => !hasBody)) {
  check(end.name, end, (listener) => listener);
  if (end.canBeHeldBack) check(`${end.name}, before the handler is called`, end, heldBack);
  if (end.protocol === 'http') check(`${end.name}, behind middleware that replaces write()`, end, behindMiddleware);
}

function check(name: string, end: ConnectionEnd, wrap: (listener: RequestListener) => RequestListener): void {
  test(name, async (t) => {
    const { listener, collector, selfMetrics } = handlers();
    await end.run(await Arena.start(t, end, wrap(listener)));
    const expected = { inFlight: 0, whole: end.whole, aborted: end.aborted };
    await settled(selfMetrics, expected);
    assert.deepEqual(await outcomes(selfMetrics), expected);
    for (const { signal } of collector.contexts) assert.equal(signal.aborted, true);
  });
}

/** A handler for each path of the table; all of them count in the same registry. */
function handlers() {
  const selfMetrics = new Registry({ selfMetrics: false });
  const waiting = new Registry({ selfMetrics: false });
  const collector = new GatedCollector();
  waiting.register(collector);
  const handler = (registry: Registry) => metricsHandler({ registry, selfMetrics, compress: false });
  const routes: Readonly<Record<string, RequestListener>> = {
    '/whole': handler(small),
    '/large': handler(large),
    '/half': handler(large),
    '/waiting': handler(waiting),
  };
  const listener: RequestListener = (request, response) => routes[request.url ?? '']?.(request, response);
  return { listener, collector, selfMetrics };
}

/** As compression does it: without callbacks. */
function behindMiddleware(listener: RequestListener): RequestListener {
  return (request, response) => {
    const { write, end } = response;
    Object.assign(response, {
      write: (chunk: Buffer) => write.call(response, chunk, 'utf8'),
      end: (chunk?: Buffer) => end.call(response, chunk, 'utf8'),
    });
    listener(request, response);
  };
}

interface Outcomes {
  readonly inFlight: number | undefined;
  readonly whole: number;
  readonly aborted: number;
}

/** Waits until scrapes have been counted as they should be, or for as long as that may take. */
async function settled(selfMetrics: Registry, expected: Outcomes): Promise<void> {
  const deadline = performance.now() + 5_000;
  const isReached = ({ inFlight, whole, aborted }: Outcomes) =>
    inFlight === expected.inFlight && whole + aborted >= expected.whole + expected.aborted;
  while (!isReached(await outcomes(selfMetrics)) && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function outcomes(selfMetrics: Registry): Promise<Outcomes> {
  const values = await valuesOf(selfMetrics);
  const requests = (code: string) => values.get(`metrics_handler_requests_total{code="${code}"}`) ?? 0;
  return {
    inFlight: values.get('metrics_handler_requests_in_flight'),
    whole: requests('200'),
    aborted: requests('499'),
  };
}
