import { type CollectorHandle, handleOf, startAll } from '../collectors/collector-group.ts';
import { sharedHandle } from '../collectors/shared-handle.ts';
import { Histogram } from '../metrics/histogram.ts';
import type { Labels } from '../model/labels.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import { BoundedValues, limitOption, methodLabel, statusLabel } from './bounded-labels.ts';
import { type ClientListener, subscribeToFetch, subscribeToHttp } from './client-channels.ts';
import { bucketsOf, DURATION_OPTIONS, type DurationOptions } from './duration-options.ts';
import { Traces } from './traces.ts';

const DEFAULT_MAX_HOSTS = 100;

/** Options of `instrumentHttpClient()`. */
export interface HttpClientOptions extends DurationOptions {
  /**
   * Maximum number of distinct hosts; requests to all others have the host `other`.
   *
   * @defaultValue `100`
   */
  readonly maxHosts?: number;
}

const CLIENT_OPTIONS: OptionNames<HttpClientOptions> = {
  ...DURATION_OPTIONS,
  maxHosts: true,
};

/**
 * Measures the requests that this process makes with `fetch`, undici, `node:http` and `node:https`, until the head of
 * the response has been received: `http_client_request_duration_seconds` by method, host and status code, which is
 * `error` for a request that fails without a response. Includes the requests of libraries based on these. Nothing is
 * wrapped.
 *
 * @returns a handle that stops measuring and unregisters the metric; the same one if it is called again for the registry.
 * @throws {Error} if another metric has the name.
 * @throws {TypeError} if an option has the wrong type.
 * @throws {RangeError} if an option has an invalid value.
 *
 * @example
 * ```ts
 * import { Registry } from 'zeroprom';
 * import { instrumentHttpClient } from 'zeroprom/instrument';
 *
 * const registry = new Registry();
 * const clients = instrumentHttpClient({ registry, maxHosts: 20 });
 * await fetch('http://127.0.0.1:65535/').catch(() => {});
 * console.log(await registry.expose());
 * clients.stop();
 * ```
 */
export function instrumentHttpClient(options: HttpClientOptions = {}): CollectorHandle {
  checkOptionNames('instrumentHttpClient()', options, CLIENT_OPTIONS);
  const { registry = defaultRegistry, prefix = '', labels = {} } = options;
  const key = JSON.stringify(['instrumentHttpClient', prefix, Object.entries(labels).sort()]);
  return sharedHandle(registry, key, (shared) => startMeasuring({ ...options, registry: shared }));
}

function startMeasuring(options: HttpClientOptions): CollectorHandle {
  const { registry = defaultRegistry, prefix = '', labels = {}, exemplarSource } = options;
  const hosts = new BoundedValues(limitOption('maxHosts', options.maxHosts, DEFAULT_MAX_HOSTS));
  const traces = new Traces(exemplarSource);
  const durations = new Histogram({
    name: `${prefix}http_client_request_duration_seconds`,
    unit: 'seconds',
    help: 'Duration of outgoing HTTP requests in seconds, until the head of the response.',
    labelNames: ['method', 'host', 'status_code'],
    constLabels: labels,
    registry,
    ...bucketsOf(options),
    ...traces.option,
  });
  // If a request is abandoned without an event, its entry is collected with its key.
  const running = new WeakMap<object, { readonly began: number; readonly trace: Labels | undefined }>();
  const listener: ClientListener = {
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
  };
  const unsubscribe = startAll([() => subscribeToFetch(listener), () => subscribeToHttp(listener)]);
  const stop = () => {
    unsubscribe();
    registry.unregister(durations);
  };
  return handleOf(stop);
}
