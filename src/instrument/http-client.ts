import type { CollectorHandle } from '../collectors/collector-group.ts';
import { Histogram } from '../metrics/histogram.ts';
import type { Labels } from '../model/labels.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import { BoundedValues, limitOption, methodLabel, statusLabel } from './bounded-labels.ts';
import { type ClientListener, subscribeToFetch, subscribeToHttp } from './client-channels.ts';
import { bucketsOf, type DurationOptions } from './duration-options.ts';
import { Traces } from './traces.ts';

const DEFAULT_MAX_HOSTS = 100;

export interface HttpClientOptions extends DurationOptions {
  /** How many hosts are told apart; 100 by default. Requests to others are counted as `other`. */
  readonly maxHosts?: number;
}

/**
 * Measures the requests that this process makes with `fetch`, undici, `node:http` and `node:https`, until the head of the
 * response is there: `http_client_request_duration_seconds` by method, host and status code, `error` where there was no
 * response. Libraries that build on these are measured with them; nothing is wrapped.
 */
export function instrumentHttpClient(options: HttpClientOptions = {}): CollectorHandle {
  const { registry = defaultRegistry, prefix = '', labels = {}, exemplarSource } = options;
  const hosts = new BoundedValues(limitOption('maxHosts', options.maxHosts, DEFAULT_MAX_HOSTS));
  const traces = new Traces(exemplarSource);
  const durations = new Histogram({
    name: `${prefix}http_client_request_duration_seconds`,
    unit: 'seconds',
    help: 'Time from the begin of a request to the head of its response.',
    labelNames: ['method', 'host', 'status_code'],
    constLabels: labels,
    registry,
    ...bucketsOf(options),
    ...traces.option,
  });
  // Where a request is given up without a word, its key goes and takes the entry with it.
  const running = new WeakMap<object, { readonly began: number; readonly trace: Labels | undefined }>();
  const unsubscribe = subscribe({
    began: (key) => void running.set(key, { began: performance.now(), trace: traces.read() }),
    ended: (key, request, status) => {
      const known = running.get(key);
      if (known === undefined) return;
      running.delete(key);
      const { method, host } = request();
      traces.set(known.trace);
      durations
        .labels(methodLabel(method), hosts.label(host), status === undefined ? 'error' : statusLabel(status))
        .observe((performance.now() - known.began) / 1000);
    },
  });
  const stop = () => {
    unsubscribe();
    registry.unregister(durations);
  };
  return { stop, [Symbol.dispose]: stop };
}

function subscribe(listener: ClientListener): () => void {
  const ends = [subscribeToFetch(listener), subscribeToHttp(listener)];
  return () => {
    for (const end of ends) end();
  };
}
