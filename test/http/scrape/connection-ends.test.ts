import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { metricsHandler, Registry } from '../../../src/index.ts';
import { valuesOf } from '../../collectors/scrape.ts';
import { heldBack } from '../arena.ts';
import { type EndCheck, type Outcomes, type Subject, testConnectionEnds } from '../connection-end-checks.ts';
import { connectionEnds } from '../connection-ends.ts';
import { GatedCollector } from '../gated-collector.ts';
import { seriesOf } from '../large-registry.ts';

/** Larger than the buffers of a connection, and smaller than the limit for a response queued behind another. */
const large = seriesOf(12_000);
const small = seriesOf(1);

/** Scrapes have no bodies. */
const checks = connectionEnds
  .filter(({ hasBody }) => !hasBody)
  .flatMap((end): EndCheck[] => {
    const { name, canBeHeldBack, protocol } = end;
    return [
      { name, end, create: () => subject((listener) => listener) },
      ...(canBeHeldBack
        ? [{ name: `${name}, before the handler is called`, end, create: () => subject(heldBack) }]
        : []),
      ...(protocol === 'http'
        ? [{ name: `${name}, behind middleware that replaces write()`, end, create: () => subject(behindMiddleware) }]
        : []),
    ];
  });

testConnectionEnds(
  'however a connection ends, each of its scrapes is counted once, and its gathering is aborted',
  checks,
);

/** Creates one handler per path of the table; all of them count in the same registry. */
function subject(wrap: (listener: RequestListener) => RequestListener): Subject {
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
  return {
    listener: wrap((request, response) => routes[request.url ?? '']?.(request, response)),
    outcomes: () => outcomesIn(selfMetrics),
    check: () => {
      for (const { signal } of collector.contexts) assert.equal(signal.aborted, true);
    },
  };
}

/** Replaces write() and end() as compression does: without callbacks. */
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

async function outcomesIn(selfMetrics: Registry): Promise<Outcomes> {
  const values = await valuesOf(selfMetrics);
  const requests = (code: string) => values.get(`metrics_handler_requests_total{code="${code}"}`) ?? 0;
  return {
    inFlight: values.get('metrics_handler_requests_in_flight'),
    whole: requests('200'),
    aborted: requests('499'),
  };
}
