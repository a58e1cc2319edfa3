import type { CollectContext, CollectorRegistry } from '../model/collector.ts';
import type { MetricFamily } from '../model/family.ts';
import { numberOption } from '../model/number-option.ts';
import { asError, callUserCode } from '../model/thrown.ts';
import { defaultRegistry } from '../registry/default-registry.ts';
import { familiesOf } from './families.ts';
import {
  aggregationTypes,
  CUMULATIVE,
  type SdkAggregation,
  type SdkCollection,
  type SdkProducer,
} from './sdk-metrics.ts';

const DEFAULT_MAX_SERIES = 2_000;
const DEFAULT_MAX_BUCKETS = 160;

/** Options of `OpenTelemetryReader`. */
export interface OpenTelemetryReaderOptions {
  /**
   * Registry that the metrics are added to, as a collector with the name `opentelemetry`.
   *
   * @defaultValue `defaultRegistry`
   */
  readonly registry?: CollectorRegistry;
  /**
   * Whether histograms have exponential buckets, which become native histograms. Views override it.
   *
   * @defaultValue `false`
   */
  readonly exponentialHistograms?: boolean;
  /**
   * Whether series have the labels `otel_scope_name`, `otel_scope_version` and `otel_scope_schema_url`. Without them, two
   * meters with an instrument of the same name and attributes have the same series.
   *
   * @defaultValue `true`
   */
  readonly scopeLabels?: boolean;
  /**
   * Whether the attributes of the resource are exposed as `target_info`.
   *
   * @defaultValue `true`
   */
  readonly targetInfo?: boolean;
  /**
   * Maximum number of series of an instrument; the SDK adds further ones up in a series of its own.
   *
   * @defaultValue `2000`
   */
  readonly maxSeries?: number;
  /**
   * How a failure of one callback of an observable instrument, or of one metric, is handled: the rest is served
   * (`continue`), or the whole collector fails (`fail`), which is status 500 with `errorMode: 'http-error'` of the handler.
   *
   * @defaultValue `'continue'`
   */
  readonly errorMode?: 'continue' | 'fail';
  /** Called with each such failure. Errors of the function are ignored. */
  readonly onError?: (error: Error) => void;
}

/**
 * A `MetricReader` for the OpenTelemetry SDK, version 2 or 3, whose metrics `metricsHandler()` and all other parts of
 * this package serve together with those of a registry: in each format, with exponential histograms as native histograms.
 * Names follow OpenTelemetry's specification for Prometheus: `http.server.request.duration` in seconds is
 * `http_server_request_duration_seconds`.
 *
 * @example
 * ```ts
 * import { MeterProvider } from '@opentelemetry/sdk-metrics';
 * import { Registry } from 'zeroprom';
 * import { OpenTelemetryReader } from 'zeroprom/opentelemetry';
 *
 * const registry = new Registry();
 * const provider = new MeterProvider({ readers: [new OpenTelemetryReader({ registry })] });
 * provider.getMeter('shop').createCounter('orders', { description: 'Orders.' }).add(1, { country: 'DE' });
 * console.log(await registry.expose());
 * ```
 */
export class OpenTelemetryReader {
  readonly #options: OpenTelemetryReaderOptions;
  readonly #maxSeries: number;
  readonly #unregister: () => void;
  #producer: SdkProducer | undefined;
  #isShutDown = false;

  /**
   * Registers the collector.
   *
   * @throws {TypeError} if `maxSeries` is not a number.
   * @throws {RangeError} if `maxSeries` or `errorMode` is invalid.
   */
  constructor(options: OpenTelemetryReaderOptions = {}) {
    const { registry = defaultRegistry, errorMode = 'continue' } = options;
    if (errorMode !== 'continue' && errorMode !== 'fail')
      throw new RangeError(`errorMode must be "continue" or "fail", got ${JSON.stringify(errorMode)}.`);
    this.#options = options;
    this.#maxSeries = numberOption(options.maxSeries, {
      name: 'maxSeries',
      byDefault: DEFAULT_MAX_SERIES,
      isAllowed: (count) => Number.isSafeInteger(count) && count > 0,
      rule: 'a whole number from 1',
    });
    const collector = { name: 'opentelemetry', collect: (context: CollectContext) => this.#families(context) };
    registry.register(collector);
    this.#unregister = () => void registry.unregister(collector);
  }

  /** Called by `MeterProvider`. */
  setMetricProducer(producer: SdkProducer): void {
    if (this.#producer !== undefined)
      throw new Error('An OpenTelemetryReader can only be used with one MeterProvider; create another one.');
    this.#producer = producer;
  }

  /** Called by `MeterProvider`: histograms are exponential if the options say so. */
  selectAggregation(instrumentType: string): SdkAggregation {
    const isExponential = this.#options.exponentialHistograms === true && instrumentType === 'HISTOGRAM';
    if (!isExponential) return { type: aggregationTypes.default };
    return { type: aggregationTypes.exponentialHistogram, options: { maxSize: DEFAULT_MAX_BUCKETS } };
  }

  /** Called by `MeterProvider`: Prometheus needs cumulative values. */
  selectAggregationTemporality(_instrumentType: string): typeof CUMULATIVE {
    return CUMULATIVE;
  }

  /** Called by `MeterProvider`: the maximum number of series. */
  selectCardinalityLimit(_instrumentType: string): number {
    return this.#maxSeries;
  }

  /**
   * Returns the metrics in the form of the SDK.
   *
   * @throws {Error} if the reader does not belong to a `MeterProvider`, or is shut down.
   */
  async collect<Collection extends SdkCollection = SdkCollection>(options?: {
    timeoutMillis?: number;
  }): Promise<Collection> {
    if (this.#isShutDown) throw new Error('The OpenTelemetryReader is shut down.');
    if (this.#producer === undefined)
      throw new Error('The OpenTelemetryReader must be among the readers of a MeterProvider.');
    // The SDK's own type has more members than this package uses.
    return (await this.#producer.collect(options)) as Collection;
  }

  /** Removes the metrics from the registry. Called by `MeterProvider.shutdown()`. */
  async shutdown(): Promise<void> {
    if (this.#isShutDown) return;
    this.#isShutDown = true;
    this.#unregister();
  }

  /** Does nothing, because scrapers fetch the metrics. */
  async forceFlush(): Promise<void> {}

  async #families({ deadline }: CollectContext): Promise<MetricFamily[]> {
    const collection = await this.collect({ timeoutMillis: Math.max(deadline - Date.now(), 1) });
    const errors = collection.errors.map((error) => asError(error));
    const { scopeLabels = true, targetInfo = true, errorMode, onError } = this.#options;
    const families = familiesOf(collection, { scopeLabels, targetInfo, onError: (error) => errors.push(error) });
    for (const error of errors) callUserCode(() => onError?.(error));
    if (errorMode === 'fail' && errors.length > 0)
      throw new AggregateError(
        errors,
        `Some metrics cannot be collected: ${errors.map(({ message }) => message).join(' ')}`,
      );
    return families;
  }
}
