/** Metrics of several questions. Each function fills a client, and returns false if it does not support them. */
import { combinationsOf } from './label-values.ts';
import type { Client, Histogram, Labels } from './library.ts';

type Fill = (client: Client) => boolean;

const DEFAULT_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LABEL_NAMES = Object.keys(combinationsOf(3, 100)[0] ?? {});
const REQUESTS = { name: 'http_requests_total', help: 'Requests that were answered.' };
const DURATIONS = { name: 'http_request_duration_seconds', help: 'How long requests took.' };

/** Counters with three labels, about 90 bytes a line, each with a different integer. */
export function counters(count: number): Fill {
  return (client) => {
    const counter = client.counter?.({ ...REQUESTS, labelNames: LABEL_NAMES });
    if (counter === undefined) return false;
    for (const [index, labels] of combinationsOf(3, count).entries()) counter.inc(labels, index * 3);
    return true;
  };
}

/** Histograms of 11 buckets with three labels, each with ten different observations. */
export function histograms(count: number): Fill {
  return (client) => {
    const histogram = client.histogram?.({ ...DURATIONS, labelNames: LABEL_NAMES, upperBounds: DEFAULT_BOUNDS });
    if (histogram === undefined) return false;
    for (const [index, labels] of combinationsOf(3, count).entries()) observeTen(histogram, labels, index);
    return true;
  };
}

/** Native histograms with the same labels and observations. */
export function nativeHistograms(count: number): Fill {
  return (client) => {
    const histogram = client.nativeHistogram?.({ ...DURATIONS, labelNames: LABEL_NAMES });
    if (histogram === undefined) return false;
    for (const [index, labels] of combinationsOf(3, count).entries()) observeTen(histogram, labels, index);
    return true;
  };
}

function observeTen(histogram: Histogram, labels: Labels, index: number): void {
  for (let at = 0; at < 10; at++) histogram.observe(labels, 0.003 * 1.37 ** ((index * 7 + at * 11) % 27));
}

/**
 * A service with 200 histograms of requests by route, method and status, 80 counters by kind and cause, and 40 gauges:
 * about 3,000 lines.
 */
export function application(client: Client): boolean {
  const hasHistograms = histograms(200)(client);
  const counter = client.counter?.({ name: 'jobs_total', help: 'Jobs that ended.', labelNames: ['kind', 'cause'] });
  const gauge = client.gauge?.({ name: 'queue_fill_ratio', help: 'How full queues are.', labelNames: ['queue'] });
  if (!hasHistograms || counter === undefined || gauge === undefined) return false;
  for (let index = 0; index < 80; index++)
    counter.inc({ kind: `kind-${index % 20}`, cause: `cause-${Math.floor(index / 20)}` }, index * 1000);
  for (let index = 0; index < 40; index++) gauge.set({ queue: `queue-${index}` }, index / 41);
  return true;
}
