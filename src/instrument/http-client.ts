import { type CollectorHandle, handleOf, registerAll, startAll } from '../collectors/collector-group.ts';
import { sharedHandle } from '../collectors/shared-handle.ts';
import { Histogram } from '../metrics/histogram.ts';
import type { Labels } from '../model/labels.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import { BoundedValues, limitOption, methodLabel, OTHER, statusLabel } from './bounded-labels.ts';
import { type ClientListener, subscribeToFetch, subscribeToHttp } from './client-channels.ts';
import { bucketsOf, DURATION_OPTIONS, type DurationOptions } from './duration-options.ts';
import { namesOption, stableDurations, stableMethod, stableStatus } from './semantic-conventions.ts';
import { Traces } from './traces.ts';

const DEFAULT_MAX_HOSTS = 100;
const STABLE_LABELS = [
  'http.request.method',
  'server.address',
  'server.port',
  'http.response.status_code',
  'error.type',
];
/** For clients, the semantic conventions regard responses from 400 on as errors. */
const FIRST_CLIENT_ERROR = 400;

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
  const { registry = defaultRegistry, prefix = '', labels = {}, names = 'classic' } = options;
  if (names === 'both' && prefix === '') {
    throw new RangeError(
      "names: 'both' needs a prefix: otherwise, both metrics are http_client_request_duration_seconds once escaped.",
    );
  }
  const key = JSON.stringify(['instrumentHttpClient', prefix, Object.entries(labels).sort(), names]);
  return sharedHandle(registry, key, (shared) => startMeasuring({ ...options, registry: shared }));
}

function startMeasuring(options: HttpClientOptions): CollectorHandle {
  const { registry = defaultRegistry, prefix = '', labels = {}, exemplarSource } = options;
  const hosts = new BoundedValues(limitOption('maxHosts', options.maxHosts, DEFAULT_MAX_HOSTS));
  const traces = new Traces(exemplarSource);
  const { isClassic, isStable } = namesOption(options.names);
  const shape = { ...bucketsOf(options), ...traces.option };
  const classic = isClassic
    ? new Histogram({
        name: `${prefix}http_client_request_duration_seconds`,
        unit: 'seconds',
        help: 'Duration of outgoing HTTP requests in seconds, until the head of the response.',
        labelNames: ['method', 'host', 'status_code'],
        constLabels: labels,
        registry: null,
        ...shape,
      })
    : undefined;
  const stable = isStable ? stableDurations('client', STABLE_LABELS, { ...shape, labels }) : undefined;
  const metrics = [classic, stable].filter((metric) => metric !== undefined);
  // If a request is abandoned without an event, its entry is collected with its key.
  const running = new WeakMap<object, { readonly began: number; readonly trace: Labels | undefined }>();
  const listener: ClientListener = {
    began: (key) => void running.set(key, { began: performance.now(), trace: traces.read() }),
    ended: (key, request, status) => {
      const known = running.get(key);
      if (known === undefined) return;
      running.delete(key);
      const { method, host, isSecure } = request();
      const [methodName, hostName] = [methodLabel(method), hosts.label(host)];
      const statusCode = status === undefined ? 'error' : statusLabel(status);
      const seconds = (performance.now() - known.began) / 1000;
      traces.set(known.trace);
      classic?.labels(methodName, hostName, statusCode).observe(seconds);
      if (stable === undefined) return;
      const { status: code, error } = stableStatus(statusCode, FIRST_CLIENT_ERROR);
      const [address, port] = addressOf(hostName, isSecure);
      stable.labels(stableMethod(methodName), address, port, code, error).observe(seconds);
    },
  };
  const unregister = registerAll(registry, metrics);
  const unsubscribe = startAll([() => subscribeToFetch(listener), () => subscribeToHttp(listener)]);
  const stop = () => {
    unsubscribe();
    unregister();
  };
  return handleOf(stop);
}

/** Returns the name and the port of a host. */
function addressOf(host: string, isSecure: boolean): [address: string, port: string] {
  if (host === OTHER) return ['_OTHER', ''];
  const [, address = host, port = isSecure ? '443' : '80'] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  return [address, port];
}
