import { isObject, type LabelObject } from '../series/label-arguments.ts';
import { familyText, type PageOptions, pageText, type Registered } from '../text/page.ts';

export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
export const OPENMETRICS_CONTENT_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Marks registries of all copies of the package, so that `instanceof` holds across them. */
const BRAND = Symbol.for('zeroprom.prom-client.Registry');

/** Base class of the registries of prom-client and of its successor, which differ in the type of the public `_metrics`. */
export abstract class BaseRegistry {
  static get PROMETHEUS_CONTENT_TYPE(): string {
    return PROMETHEUS_CONTENT_TYPE;
  }

  static get OPENMETRICS_CONTENT_TYPE(): string {
    return OPENMETRICS_CONTENT_TYPE;
  }

  _collectors: unknown[] = [];
  _defaultLabels: LabelObject = {};
  _contentType: string;

  constructor(contentType: string = PROMETHEUS_CONTENT_TYPE) {
    if (!isContentType(contentType)) throw new TypeError(`Content type ${contentType} is unsupported`);
    this._contentType = contentType;
  }

  get [BRAND](): boolean {
    return true;
  }

  get contentType(): string {
    return this._contentType;
  }

  setContentType(contentType: string): void {
    if (!isContentType(contentType)) throw new Error(`Content type ${contentType} is unsupported`);
    this._contentType = contentType;
  }

  /** Resolves with the text of all metrics. Rejects if a `collect()` rejects. */
  async metrics(): Promise<string> {
    const options = this.#pageOptions;
    const text = await pageText(this.getMetricsAsArray(), options);
    if (options.isOpenMetrics) return `${text || '\n'}# EOF\n`;
    return text || '\n';
  }

  async getMetricsAsString(metric: Registered): Promise<string> {
    return familyText(metric, this.#pageOptions);
  }

  async getSingleMetricAsString(name: string): Promise<string> {
    const metric = this.getSingleMetric(name);
    if (metric !== undefined) return this.getMetricsAsString(metric);
    throw new TypeError("Cannot read properties of undefined (reading 'getForPromString')");
  }

  /** The results of `get()` of all metrics, with default labels. */
  async getMetricsAsJSON(aggregator?: unknown): Promise<unknown[]> {
    const shown = await Promise.all(this.getMetricsAsArray(aggregator).map(async (metric) => metric.get()));
    if (Object.keys(this._defaultLabels).length > 0) {
      for (const metric of shown) addDefaultLabels(metric as ShownMetric, this._defaultLabels);
    }
    return shown;
  }

  /** The metrics in the order of registration. */
  abstract getMetricsAsArray(aggregator?: unknown): Registered[];
  /** The metric of that name. */
  abstract getSingleMetric(name: string): Registered | undefined;
  /** Stores a metric under its name, which no other metric has. */
  protected abstract store(metric: Registered): void;
  protected abstract dropAll(): void;
  abstract removeSingleMetric(name: string): void;

  registerMetric(metric: Registered): void {
    const known = this.getSingleMetric(metric.name);
    if (known !== undefined && known !== metric) {
      throw new Error(`A metric with the name ${metric.name} has already been registered.`);
    }
    this.store(metric);
  }

  /** Sets labels for all samples that do not have them. The object is kept, so later changes of it have an effect. */
  setDefaultLabels(labels: LabelObject): void {
    this._defaultLabels = labels;
  }

  resetMetrics(): void {
    for (const metric of this.getMetricsAsArray()) metric.reset?.();
  }

  /** Drops all metrics, and the default labels too. */
  clear(): void {
    this.dropAll();
    this._defaultLabels = {};
  }

  get #pageOptions(): PageOptions {
    return { isOpenMetrics: this.contentType === OPENMETRICS_CONTENT_TYPE, defaultLabels: this._defaultLabels ?? {} };
  }
}

/** Returns a registry with the metrics of several registries, which must have the same content type. Default labels are not copied. */
export function mergeRegistries<R extends BaseRegistry>(
  registers: readonly BaseRegistry[],
  make: (contentType: string) => R,
): R {
  const [first] = registers;
  if (first === undefined) throw new TypeError('Registry.merge() must be given at least one registry, got none.');
  if (registers.some(({ contentType }) => contentType !== first.contentType)) {
    throw new Error('Registers can only be merged if they have the same content type');
  }
  const merged = make(first.contentType);
  for (const registry of registers) for (const metric of registry.getMetricsAsArray()) merged.registerMetric(metric);
  return merged;
}

/** Lets `instanceof` hold for registries of other copies of the package. Subclasses inherit it, but check the prototype only. */
export function acceptOtherCopies(type: new () => BaseRegistry): void {
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: unknown, instance: unknown): boolean {
      if (this === type) return isObject(instance) && BRAND in instance;
      return Function.prototype[Symbol.hasInstance].call(this as typeof type, instance);
    },
  });
}

function isContentType(value: unknown): boolean {
  return value === PROMETHEUS_CONTENT_TYPE || value === OPENMETRICS_CONTENT_TYPE;
}

/** A result of `get()`, whose samples are changed. */
interface ShownMetric {
  readonly values?: { labels?: LabelObject }[];
}

/** Keeps the labels that a sample already has, including empty ones. */
function addDefaultLabels({ values }: ShownMetric, defaultLabels: LabelObject): void {
  for (const sample of values ?? []) {
    const labels: Record<string, unknown> = { ...sample.labels };
    for (const [name, value] of Object.entries(defaultLabels)) labels[name] ??= value;
    sample.labels = labels;
  }
}
