import { thrownText } from '../../model/thrown.ts';
import { checkHeader, checkHeaders } from '../delivery/client-options.ts';
import type { OtlpExporterOptions, OtlpProtocol, OtlpTemporality } from './otlp-options.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Options that environment variables set, with the names of the specification of OpenTelemetry. */
export interface EnvironmentOptions
  extends Pick<
    OtlpExporterOptions,
    'url' | 'headers' | 'timeout' | 'compress' | 'protocol' | 'temporality' | 'nativeHistograms' | 'tls'
  > {
  readonly resource: ReadonlyMap<string, string>;
}

const PREFIX = 'OTEL_EXPORTER_OTLP_';
const METRICS_PATH = 'v1/metrics';

const PROTOCOLS: Readonly<Record<string, OtlpProtocol>> = {
  'http/protobuf': 'http/protobuf',
  'http/json': 'http/json',
};
const COMPRESSIONS: Readonly<Record<string, boolean>> = { gzip: true, none: false };
const TEMPORALITIES: Readonly<Record<string, OtlpTemporality>> = {
  cumulative: 'cumulative',
  delta: 'delta',
  lowmemory: 'lowmemory',
};
const HISTOGRAMS: Readonly<Record<string, boolean>> = {
  explicit_bucket_histogram: false,
  base2_exponential_bucket_histogram: true,
};

/**
 * Reads the variables of OpenTelemetry. Those for metrics take precedence over those for all signals, and empty ones count
 * as missing. Invalid ones are ignored and reported without their values, which may be secret.
 *
 * @throws {RangeError} if an endpoint is not a URL: the metrics must not go elsewhere.
 */
export function environmentOptions(environment: Environment, warn: (problem: string) => void): EnvironmentOptions {
  const variables = new Variables(environment, warn);
  const caFile = variables.signal('CERTIFICATE')?.value;
  const certFile = variables.signal('CLIENT_CERTIFICATE')?.value;
  const keyFile = variables.signal('CLIENT_KEY')?.value;
  const hasTls = caFile !== undefined || certFile !== undefined || keyFile !== undefined;
  return {
    url: variables.endpoint(),
    headers: variables.headers(),
    timeout: variables.timeout(),
    compress: variables.choice('COMPRESSION', COMPRESSIONS),
    protocol: variables.choice('PROTOCOL', PROTOCOLS),
    temporality: variables.choice('METRICS_TEMPORALITY_PREFERENCE', TEMPORALITIES),
    nativeHistograms: variables.choice('METRICS_DEFAULT_HISTOGRAM_AGGREGATION', HISTOGRAMS),
    tls: hasTls ? { caFile, certFile, keyFile } : undefined,
    resource: variables.resource(),
  };
}

class Variables {
  readonly #environment: Environment;
  readonly #warn: (problem: string) => void;

  constructor(environment: Environment, warn: (problem: string) => void) {
    this.#environment = environment;
    this.#warn = warn;
  }

  /** Returns the variable for metrics, or the one for all signals. */
  signal(suffix: string): { readonly name: string; readonly value: string } | undefined {
    const names = suffix.startsWith('METRICS_') ? [suffix] : [`METRICS_${suffix}`, suffix];
    for (const name of names.map((each) => PREFIX + each)) {
      const value = this.#valueOf(name);
      if (value !== undefined) return { name, value };
    }
    return undefined;
  }

  endpoint(): URL | undefined {
    const found = this.signal('ENDPOINT');
    if (found === undefined) return undefined;
    if (!/^https?:\/\//i.test(found.value) || !URL.canParse(found.value)) {
      throw new RangeError(`${found.name} must be a URL such as 'http://localhost:4318', got another text.`);
    }
    const url = new URL(found.value);
    if (!found.name.includes('METRICS')) url.pathname = url.pathname.replace(/\/?$/, `/${METRICS_PATH}`);
    return url;
  }

  headers(): Readonly<Record<string, string>> | undefined {
    const found = this.signal('HEADERS');
    if (found === undefined) return undefined;
    const headers: [string, string][] = [];
    for (const [name, value] of this.#pairs(found.name)) {
      try {
        checkHeader(name, value);
        checkHeaders({ [name]: value });
        headers.push([name, value]);
      } catch (error) {
        this.#warn(`${found.name}: ${thrownText(error)}`);
      }
    }
    return Object.fromEntries(headers);
  }

  timeout(): number | undefined {
    const found = this.signal('TIMEOUT');
    if (found === undefined) return undefined;
    if (/^\d{1,9}$/.test(found.value) && Number(found.value) > 0) return Number(found.value);
    this.#warn(`${found.name} must be a number of milliseconds above 0; it is ignored.`);
    return undefined;
  }

  choice<T>(suffix: string, values: Readonly<Record<string, T>>): T | undefined {
    const found = this.signal(suffix);
    if (found === undefined) return undefined;
    const key = found.value.toLowerCase();
    if (Object.hasOwn(values, key)) return values[key];
    this.#warn(`${found.name} must be one of ${Object.keys(values).join(', ')}; it is ignored.`);
    return undefined;
  }

  resource(): Map<string, string> {
    const attributes = this.#pairs('OTEL_RESOURCE_ATTRIBUTES');
    const service = this.#valueOf('OTEL_SERVICE_NAME');
    if (service !== undefined) attributes.set('service.name', service);
    return attributes;
  }

  /** Reads `key=value` pairs that are separated by commas and percent-encoded. All are ignored if one is malformed. */
  #pairs(name: string): Map<string, string> {
    const pairs = new Map<string, string>();
    try {
      for (const member of (this.#valueOf(name) ?? '').split(',')) {
        const [, key, value] = /^([^=]*)=(.*)$/s.exec(member.split(';')[0] ?? '') ?? [];
        if (key !== undefined && value !== undefined && key.trim() !== '') {
          pairs.set(decodeURIComponent(key.trim()), decodeURIComponent(value.trim()));
        } else if (member.trim() !== '') throw new RangeError('not a pair');
      }
      return pairs;
    } catch {
      this.#warn(`${name} must contain percent-encoded pairs such as key=value, separated by commas; it is ignored.`);
      return new Map();
    }
  }

  #valueOf(name: string): string | undefined {
    return this.#environment[name]?.trim() || undefined;
  }
}
