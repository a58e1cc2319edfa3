import { isObject, type LabelObject } from '../series/label-arguments.ts';
import { familyText, type PageOptions, pageText, type Registered } from '../text/page.ts';
import { processWide } from './process-wide.ts';

export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
export const OPENMETRICS_CONTENT_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Marks registries of all copies of the package, so that `instanceof` holds across them. */
const BRAND = Symbol.for('zeroprom.prom-client.Registry');

/** A metric as `getMetricsAsJSON()` shows it. */
interface JsonMetric {
  readonly values?: { labels?: LabelObject }[];
}

/**
 * prom-client's registry: metrics in the order of registration, default labels, one content type. It takes any object with a
 * `name` and a `get()`, and checks names for duplicates only.
 */
export class Registry {
  static get PROMETHEUS_CONTENT_TYPE(): string {
    return PROMETHEUS_CONTENT_TYPE;
  }

  static get OPENMETRICS_CONTENT_TYPE(): string {
    return OPENMETRICS_CONTENT_TYPE;
  }

  /** The registry that metrics use by default: one for the process. */
  static globalRegistry: Registry = processWide('globalRegistry.1', () => new Registry());

  /** A registry with all metrics of others, which must have the same content type. Default labels are not taken along. */
  static merge(registers: readonly Registry[]): Registry {
    const [first] = registers;
    if (first === undefined) throw new TypeError('Registry.merge() must be given at least one registry, got none.');
    if (registers.some(({ contentType }) => contentType !== first.contentType)) {
      throw new Error('Registers can only be merged if they have the same content type');
    }
    const merged = new Registry(first.contentType);
    for (const registry of registers) for (const metric of registry.getMetricsAsArray()) merged.registerMetric(metric);
    return merged;
  }

  /** By name, in the order of registration. Users read it, enumerate it and delete from it. */
  _metrics: Record<string, Registered> = {};
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

  /** The text of all metrics. It rejects if one `collect()` does. */
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

  /** What `get()` of all metrics gives, with default labels added. */
  async getMetricsAsJSON(): Promise<unknown[]> {
    const shown = await Promise.all(this.getMetricsAsArray().map(async (metric) => metric.get()));
    if (Object.keys(this._defaultLabels).length > 0) {
      for (const metric of shown) addDefaultLabels(metric as JsonMetric, this._defaultLabels);
    }
    return shown;
  }

  getMetricsAsArray(): Registered[] {
    return Object.values(this._metrics);
  }

  registerMetric(metric: Registered): void {
    const known = this.getSingleMetric(metric.name);
    if (known !== undefined && known !== metric) {
      throw new Error(`A metric with the name ${metric.name} has already been registered.`);
    }
    // Defined, as an assignment would take `__proto__`, a legal name, for the prototype.
    const property = { value: metric, writable: true, enumerable: true, configurable: true };
    Object.defineProperty(this._metrics, metric.name, property);
  }

  getSingleMetric(name: string): Registered | undefined {
    return Object.hasOwn(this._metrics, name) ? this._metrics[name] : undefined;
  }

  removeSingleMetric(name: string): void {
    delete this._metrics[name];
  }

  /** Labels that all samples get which do not have them. The object is kept, so later changes of it show. */
  setDefaultLabels(labels: LabelObject): void {
    this._defaultLabels = labels;
  }

  resetMetrics(): void {
    for (const metric of this.getMetricsAsArray()) metric.reset?.();
  }

  /** Drops all metrics, and the default labels too. */
  clear(): void {
    this._metrics = {};
    this._defaultLabels = {};
  }

  get #pageOptions(): PageOptions {
    return { isOpenMetrics: this.contentType === OPENMETRICS_CONTENT_TYPE, defaultLabels: this._defaultLabels ?? {} };
  }
}

// Subclasses inherit it, and for those only the prototype tells.
Object.defineProperty(Registry, Symbol.hasInstance, {
  value(this: unknown, instance: unknown): boolean {
    if (this === Registry) return isObject(instance) && BRAND in instance;
    return Function.prototype[Symbol.hasInstance].call(this as typeof Registry, instance);
  },
});

function isContentType(value: unknown): boolean {
  return value === PROMETHEUS_CONTENT_TYPE || value === OPENMETRICS_CONTENT_TYPE;
}

/** Labels that a sample has, empty ones too, stay. */
function addDefaultLabels({ values }: JsonMetric, defaultLabels: LabelObject): void {
  for (const sample of values ?? []) {
    const labels: Record<string, unknown> = { ...sample.labels };
    for (const [name, value] of Object.entries(defaultLabels)) labels[name] ??= value;
    sample.labels = labels;
  }
}
