import { randomUUID } from 'node:crypto';
import { numberOption } from '../../model/number-option.ts';
import { checkOptionNames } from '../../model/option-names.ts';
import { kindOf } from '../../model/printable.ts';
import { callUserCode } from '../../model/thrown.ts';
import { warningLogger } from '../../scheduler/field-logger.ts';
import type { ClientOptions } from '../delivery/client-options.ts';
import type { AttributeValue } from './message-writer.ts';
import { environmentOptions } from './otlp-environment.ts';
import { OTLP_OPTIONS, type OtlpExporterOptions, type OtlpProtocol } from './otlp-options.ts';

/** Valid options, with defaults. */
export interface CheckedOtlpOptions {
  readonly client: ClientOptions;
  readonly resource: ReadonlyMap<string, AttributeValue>;
  readonly protocol: OtlpProtocol;
  readonly compress: boolean;
  readonly isDelta: boolean;
  readonly nativeHistograms: boolean;
  readonly maxPoints: number;
}

const DEFAULT_URL = 'http://localhost:4318/v1/metrics';
const MAX_POINTS = 1_000_000;

/** Throws a TypeError or a RangeError for an invalid option, and logs invalid environment variables. */
export function checkOtlpOptions(options: OtlpExporterOptions): CheckedOtlpOptions {
  checkOptionNames('new OtlpExporter()', options, OTLP_OPTIONS);
  const { logger = warningLogger } = options;
  const fromEnvironment = environmentOptions(process.env, (problem) =>
    callUserCode(() => logger.warn('An environment variable of OpenTelemetry is invalid.', { problem })),
  );
  const { url, timeout, headers, tls } = fromEnvironment;
  const temporality = options.temporality ?? fromEnvironment.temporality ?? 'cumulative';
  const protocol = options.protocol ?? fromEnvironment.protocol ?? 'http/protobuf';
  check('temporality', temporality, ['cumulative', 'delta', 'lowmemory']);
  check('protocol', protocol, ['http/protobuf', 'http/json']);
  check('onStop', options.onStop ?? 'stale', ['stale', 'keep']);
  return {
    client: {
      ...options,
      url: options.url ?? url ?? DEFAULT_URL,
      timeout: options.timeout ?? timeout,
      headers: mergedHeaders(options, headers ?? {}),
      tls: options.tls ?? tls,
    },
    resource: resourceOf(fromEnvironment.resource, options.resource ?? {}),
    protocol,
    compress: options.compress ?? fromEnvironment.compress ?? false,
    isDelta: temporality !== 'cumulative',
    nativeHistograms: options.nativeHistograms ?? fromEnvironment.nativeHistograms ?? true,
    maxPoints: numberOption(options.maxPointsPerRequest, {
      name: 'maxPointsPerRequest',
      byDefault: 5000,
      isAllowed: (points) => Number.isSafeInteger(points) && points >= 1 && points <= MAX_POINTS,
      rule: `an integer from 1 to ${MAX_POINTS}`,
    }),
  };
}

function check(name: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw new RangeError(`${name} must be '${allowed.join("' or '")}', got ${JSON.stringify(value)}.`);
}

/** Headers of the options take precedence, and so does any way to authenticate in them. */
function mergedHeaders(
  { headers = {}, basicAuth, bearerToken, bearerTokenFile }: OtlpExporterOptions,
  others: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const set = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  if ((basicAuth ?? bearerToken ?? bearerTokenFile) !== undefined) set.add('authorization');
  const kept = Object.entries(others).filter(([name]) => !set.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...headers };
}

function resourceOf(
  fromEnvironment: ReadonlyMap<string, string>,
  attributes: Readonly<Record<string, AttributeValue>>,
): ReadonlyMap<string, AttributeValue> {
  const all = new Map<string, AttributeValue>([
    ['service.name', 'unknown_service:node'],
    ['service.instance.id', randomUUID()],
    ...fromEnvironment,
  ]);
  for (const [name, value] of Object.entries(attributes)) {
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      throw new TypeError(`resource: ${name} must be a string, a number or a boolean, got ${kindOf(value)}.`);
    }
    all.set(name, value);
  }
  return all;
}
