import type { RequestListener } from 'node:http';
import { Registry } from '../../src/index.ts';
import { HttpServerMetrics } from '../../src/instrument/index.ts';
import { valuesOf } from '../collectors/scrape.ts';
import { heldBack } from '../http/arena.ts';
import { type EndCheck, type Outcomes, type Subject, testConnectionEnds } from '../http/connection-end-checks.ts';
import { connectionEnds } from '../http/connection-ends.ts';
import { isLong } from '../long.ts';
import { countedIn } from './counted.ts';
import { type Framework, frameworks } from './frameworks.ts';

const checks = Object.entries(frameworks).flatMap(([framework, { create, isForHttp2 }]) =>
  connectionEnds
    .filter(({ protocol }) => protocol !== 'http2' || isForHttp2)
    .flatMap((end): EndCheck[] => {
      const name = `${framework}: ${end.name}`;
      return [
        { name, end, create: () => subject(create, (listener) => listener) },
        ...(end.canBeHeldBack && (isLong || framework === 'node:http')
          ? [{ name: `${name}, before the middleware runs`, end, create: () => subject(create, heldBack) }]
          : []),
      ];
    }),
);

testConnectionEnds('however a connection ends, each of its requests is counted once', checks);

async function subject(
  create: Framework['create'],
  wrap: (listener: RequestListener) => RequestListener,
): Promise<Subject> {
  const registry = new Registry();
  return {
    listener: wrap(await create(new HttpServerMetrics({ registry }))),
    outcomes: () => outcomesIn(registry),
  };
}

async function outcomesIn(registry: Registry): Promise<Outcomes> {
  const values = await valuesOf(registry);
  const counts = Object.entries(countedIn(values));
  const sum = (matches: (status: string) => boolean) =>
    counts.filter(([key]) => matches(key.split(' ')[2] ?? '')).reduce((total, [, count]) => total + count, 0);
  return {
    inFlight: values.get('http_requests_in_flight'),
    whole: sum((status) => status !== 'aborted'),
    aborted: sum((status) => status === 'aborted'),
  };
}
