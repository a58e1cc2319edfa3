/**
 * A receiver that fails in many ways. The counts of the exporter, and the values of the registry, are compared with what the
 * receiver has stored. It takes a few seconds, or as long as `npm run test:chaos -- MINUTES` says.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Counter, Gauge, Histogram, Registry } from '../../../src/index.ts';
import { generator } from '../../random.ts';
import { chaosRounds, chaosSeed } from '../chaos-rounds.ts';
import { type FaultyReceiver, startFaultyReceiver } from '../faulty-receiver.ts';
import type { ReceivedRequest } from '../receiver.ts';
import { newExporter } from './otlp-receiver.ts';
import { type DataPoint, dataOf, decodeOtlp, encodeMessage, metricsOf } from './otlp-schema.ts';

const ROUNDS = 20;
const SERIES = 20;
/** Name of the metric whose points the receiver refuses, in a partial success. */
const REFUSED = 'refused';

type Points = ReadonlyMap<string, DataPoint>;

/** The points of a request by name and attributes. */
function pointsIn({ headers, body }: ReceivedRequest): Points {
  const metrics = metricsOf(decodeOtlp(headers['content-type'], gunzipSync(body)));
  const points = metrics.flatMap((metric) =>
    dataOf(metric).dataPoints.map((point): [string, DataPoint] => [
      `${metric.name}${JSON.stringify(point.attributes ?? [])}`,
      point,
    ]),
  );
  return new Map(points);
}

function refusedIn(points: Points): number {
  return [...points.keys()].filter((key) => key.startsWith(REFUSED)).length;
}

function startReceiver(t: Parameters<typeof startFaultyReceiver>[0]): Promise<FaultyReceiver> {
  return startFaultyReceiver(t, generator(chaosSeed), (request) => {
    const rejectedDataPoints = refusedIn(pointsIn(request));
    const body = encodeMessage('ExportMetricsServiceResponse', { partialSuccess: { rejectedDataPoints } });
    return { status: 200, body, contentType: 'application/x-protobuf' };
  });
}

/** Sums of a field of the points that the exporter knows to be stored, by series. */
function totals({ stored }: FaultyReceiver, field: 'asDouble' | 'count'): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { request, isAcknowledged } of stored) {
    if (!isAcknowledged) continue;
    for (const [key, point] of pointsIn(request)) {
      if (point[field] !== undefined) sums.set(key, (sums.get(key) ?? 0) + Number(point[field]));
    }
  }
  return sums;
}

/** The newest value of each series, whether the exporter knows about it or not. */
function newest({ stored }: FaultyReceiver, field: 'asDouble' | 'count'): Map<string, number> {
  const values = new Map<string, number>();
  for (const { request } of stored) {
    for (const [key, point] of pointsIn(request)) {
      if (point[field] !== undefined) values.set(key, Number(point[field]));
    }
  }
  return values;
}

for (const [temporality, storedOf] of [
  ['delta', totals],
  ['cumulative', newest],
] as const) {
  test(`no ${temporality} value is lost or counted twice between a faulty receiver and the exporter`, async (t) => {
    const receiver = await startReceiver(t);
    const random = generator(chaosSeed + 1);
    const [registry, selfMetrics] = [new Registry({ selfMetrics: false }), new Registry({ selfMetrics: false })];
    const counter = new Counter({ name: 'c_total', help: '', labelNames: ['i'], registry });
    const histogram = new Histogram({ name: 'h', help: '', labelNames: ['i'], buckets: [1, 2], registry });
    const refused = new Gauge({ name: REFUSED, help: '', registry });
    const exporter = newExporter(receiver, {
      registry,
      selfMetrics,
      temporality,
      compress: true,
      maxPointsPerRequest: 15,
      retry: { min: 1, max: 5, attempts: 2 },
    });
    const expected = { c_total: new Map<string, number>(), h: new Map<string, number>() };
    const add = (name: 'c_total' | 'h', i: string, value: number) => {
      const key = `${name}${JSON.stringify([{ key: 'i', value: { stringValue: i } }])}`;
      expected[name].set(key, (expected[name].get(key) ?? 0) + value);
    };
    let [accepted, failed] = [0, 0];
    for (const round of chaosRounds(ROUNDS)) {
      for (let index = 0; index < SERIES; index++) {
        const [i, value] = [String(random(SERIES)), random(5)];
        counter.inc({ i }, value);
        add('c_total', i, value);
        histogram.observe({ i }, random(3));
        add('h', i, 1);
      }
      refused.set(round);
      await exporter.flush().then(
        (report) => {
          accepted += report.accepted;
        },
        () => failed++,
      );
    }
    receiver.calm();
    await exporter.flush();
    t.diagnostic(JSON.stringify({ accepted, failed, faults: Object.fromEntries(receiver.faults) }));
    assert.ok(failed > 0);
    assert.deepEqual(of('c_total', storedOf(receiver, 'asDouble')), sorted(expected.c_total));
    assert.deepEqual(of('h', storedOf(receiver, 'count')), sorted(expected.h));
    const acknowledged = receiver.stored
      .filter(({ isAcknowledged }) => isAcknowledged)
      .map(({ request }) => pointsIn(request));
    const rejected = acknowledged.reduce((total, points) => total + refusedIn(points), 0);
    const points = acknowledged.reduce((total, { size }) => total + size, 0);
    const exposed = await selfMetrics.expose();
    assert.match(exposed, new RegExp(`zeroprom_otlp_points_total\\{outcome="accepted"\\} ${points - rejected}\n`));
    assert.match(exposed, new RegExp(`zeroprom_otlp_points_total\\{outcome="rejected"\\} ${rejected}\n`));
    await exporter.stop();
  });
}

function of(name: string, values: ReadonlyMap<string, number>): [string, number][] {
  return sorted(values).filter(([key]) => key.startsWith(`${name}[`));
}

function sorted(values: ReadonlyMap<string, number>): [string, number][] {
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1));
}
