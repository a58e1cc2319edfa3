import { metricsHandler } from '../http/handler.ts';
import type { HandlerOptions } from '../http/scrape/handler-options.ts';
import {
  type HttpServerMetrics,
  type HttpServerOptions,
  sharedServerMetrics,
} from '../instrument/http-server-metrics.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import type { Registry } from '../registry/registry.ts';
import { addRoute, type HttpAdapter, measureRequests } from './http-adapter.ts';
import { MetricsServer } from './metrics-server.ts';

/** Token of the registry, to inject it: `@Inject(ZEROPROM_REGISTRY) registry: Registry`. */
export const ZEROPROM_REGISTRY = 'ZEROPROM_REGISTRY';

const SERVER = Symbol('zeroprom.nestServer');

/** Number of modules with options for the metrics of requests. */
let modules = 0;

/** Options of `ZeropromModule.forRoot()`. */
export interface ZeropromModuleOptions {
  /**
   * Registry of all metrics.
   *
   * @defaultValue `defaultRegistry`
   */
  readonly registry?: Registry;
  /**
   * Path of the metrics. Guards and the global prefix do not apply to it.
   *
   * @defaultValue `'/metrics'`
   */
  readonly path?: string;
  /**
   * Port of a server of its own for the metrics, which starts and ends with the application; 0 for any free port.
   *
   * @defaultValue the metrics are a route of the application
   */
  readonly port?: number;
  /**
   * Address that the server of its own listens on.
   *
   * @defaultValue all addresses
   */
  readonly host?: string;
  /**
   * Metrics of requests or their options, or `false` to measure no requests.
   *
   * @defaultValue `{}`
   */
  readonly http?: HttpServerMetrics | HttpServerOptions | false;
  /**
   * Options of the handler that answers scrapes.
   *
   * @defaultValue `{}`
   */
  readonly handler?: Omit<HandlerOptions, 'registry'>;
}

/** A provider of Nest that creates a metric. */
export interface MetricProvider<Metric> {
  /** Token of the metric. */
  readonly provide: string | symbol;
  /** Tokens of the arguments of `useFactory`. */
  readonly inject: [typeof ZEROPROM_REGISTRY];
  /** Creates the metric. */
  readonly useFactory: (registry: Registry) => Metric;
}

/** A class that Nest uses as a token. */
export interface NestToken {
  /** Creates an instance. */
  new (): object;
}

/** A provider of Nest, with its type in Nest. */
export interface NestProvider {
  /** Token. */
  provide: string | symbol;
  /** Tokens of the arguments of `useFactory`. */
  inject: NestToken[];
  /** Creates what is injected. */
  useFactory: (...args: never[]) => object;
}

/** The result of `ZeropromModule.forRoot()`, for the `imports` of a module. */
export interface ZeropromModuleDefinition {
  /** The module class. */
  readonly module: typeof ZeropromModule;
  /** Other modules can inject what this one exports. */
  readonly global: true;
  /** Providers of the module. */
  readonly providers: NestProvider[];
  /** Tokens that other modules can inject. */
  readonly exports: string[];
}

/**
 * A module for NestJS 10 to 12, on Express and on Fastify, that serves metrics and measures all requests, including
 * those that a guard rejects and those whose body cannot be parsed, by the templates of their routes.
 *
 * @example
 * ```js
 * import { Inject, Injectable, Module } from '@nestjs/common';
 * import { Counter } from 'zeroprom';
 * import { metricProvider, ZeropromModule } from 'zeroprom/nest';
 *
 * const create = (registry) => new Counter({ name: 'orders_total', help: 'Total number of orders.', registry });
 *
 * // `@Inject('orders_total') orders: Counter` in a constructor injects the counter.
 * @Module({ imports: [ZeropromModule.forRoot()], providers: [metricProvider('orders_total', create)] })
 * export class AppModule {}
 * ```
 */
// biome-ignore lint/complexity/noStaticOnlyClass: Nest configures modules by static methods of their classes.
export class ZeropromModule {
  /**
   * Creates the module for the `imports` of the root module.
   *
   * @throws {TypeError} if `path` or `port` has the wrong type.
   * @throws {RangeError} if `path` or `port` has an invalid value.
   */
  static async forRoot(options: ZeropromModuleOptions = {}): Promise<ZeropromModuleDefinition> {
    checkOptions(options);
    const { HttpAdapterHost } = await import('@nestjs/core');
    const { registry = defaultRegistry, http = {} } = options;
    // Applications with the same module, and those without options, share the metrics.
    const key = http && Object.keys(http).length > 0 ? `nest ${++modules}` : undefined;
    return {
      module: ZeropromModule,
      global: true,
      providers: [
        { provide: ZEROPROM_REGISTRY, inject: [], useFactory: () => registry },
        {
          provide: SERVER,
          inject: [HttpAdapterHost],
          useFactory: ({ httpAdapter }: { httpAdapter?: HttpAdapter | null }) =>
            new NestMetrics(registry, options, httpAdapter, key),
        },
      ],
      exports: [ZEROPROM_REGISTRY],
    };
  }
}

/**
 * Returns a provider for a metric of the application, for the `providers` of a module. `@Inject(token)` injects the
 * metric.
 *
 * @param create Called with the registry of the module, once for all applications in the process that use the provider
 * and the registry.
 */
export function metricProvider<Metric>(
  token: string | symbol,
  create: (registry: Registry) => Metric,
): MetricProvider<Metric> {
  const created = new WeakMap<Registry, Metric>();
  const useFactory = (registry: Registry): Metric => {
    const known = created.get(registry);
    if (known !== undefined && isRegistered(registry, known)) return known;
    const metric = create(registry);
    created.set(registry, metric);
    return metric;
  };
  return { provide: token, inject: [ZEROPROM_REGISTRY], useFactory };
}

/** Whether a value that an application has created is registered. */
function isRegistered(registry: Registry, value: unknown): boolean {
  // The registry only compares it with the registered ones.
  return typeof value === 'object' && value !== null && registry.has(value as Parameters<Registry['has']>[0]);
}

/** Serves metrics and measures requests during the life of an application, which calls its hooks. */
class NestMetrics {
  readonly #server: MetricsServer | undefined;
  readonly #owned: HttpServerMetrics | undefined;

  constructor(
    registry: Registry,
    options: ZeropromModuleOptions,
    adapter: HttpAdapter | null | undefined,
    key?: string,
  ) {
    const { path = '/metrics', port, host, http = {}, handler } = options;
    const scrape = metricsHandler({ ...handler, registry });
    if (port !== undefined) this.#server = new MetricsServer(scrape, path, port, host);
    if (!adapter?.getType()) return; // Application contexts and microservices have no HTTP server.
    // Before the measurement, so that scrapes are not measured.
    if (port === undefined) addRoute(adapter, path, scrape);
    if (http === false) return;
    // Metrics from the CommonJS build have another class.
    const isShared = 'track' in http;
    const metrics = isShared ? http : sharedServerMetrics({ registry, ...http }, key);
    if (!isShared) this.#owned = metrics;
    measureRequests(adapter, metrics);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.#server?.listen();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#owned?.stop();
    await this.#server?.close();
  }
}

function checkOptions({ path = '/metrics', port = 0 }: ZeropromModuleOptions): void {
  if (typeof path !== 'string') throw new TypeError(`path must be a string, got ${typeof path}.`);
  if (!path.startsWith('/')) throw new RangeError(`path must start with a slash, got ${JSON.stringify(path)}.`);
  if (typeof port !== 'number') throw new TypeError(`port must be a number, got ${typeof port}.`);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new RangeError(`port must be a whole number from 0 to 65535, got ${port}.`);
}
