import { hostname } from 'node:os';
import type { Flag, Flags, FlagValues } from '../command-line/flag.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { parseDuration } from '../model/duration.ts';
import type { Logger } from '../model/logger.ts';
import { checkLabelName } from '../model/naming.ts';
import { thrownText } from '../model/thrown.ts';
import type { Gatherer } from '../registry/gathering.ts';
import type { Registry } from '../registry/registry.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';

/** The metrics of an exporter, and what all targets use. */
export interface DeliveryParts {
  /** Name of the exporter. */
  readonly name: string;
  /** All metrics. */
  readonly registry: Gatherer;
  /** The metrics without those about the exporter itself. */
  readonly ownRegistry: Gatherer;
  readonly selfMetrics: Registry | undefined;
  readonly logger: Logger;
  /** Runs all deliveries. It starts and stops with them. */
  readonly scheduler: Scheduler;
}

/** A running delivery. `stop()` delivers the last values, and logs a failure. */
export interface RunningDelivery {
  stop(options: { readonly timeout: number }): Promise<unknown>;
}

/** A target that metrics are delivered to without a scrape. */
interface Target {
  /** The first one enables the target. */
  readonly flags: Flags;
  /** Starts the delivery. Throws if a flag is invalid. */
  start(values: Values, parts: DeliveryParts): Promise<RunningDelivery>;
}

type Values = Readonly<Record<string, unknown>>;

// A new target is one row here. What sends metrics is loaded only if it is used.
const targets: readonly Target[] = [
  target(
    {
      'push.url': url('URL of a Pushgateway to push metrics to.'),
      'push.job': {
        help: 'Job of the pushed group; by default the name of the exporter.',
        placeholder: 'NAME',
        default: '',
      },
      'push.label': labels('Further label of the pushed group.'),
      'push.interval': interval('Interval of pushes.'),
      ...credentialFlags('push', 'Pushgateway'),
    },
    async (values, { name, ownRegistry: registry, logger, selfMetrics, scheduler }) => {
      const groupingKey = Object.fromEntries(values['push.label']);
      if ('job' in groupingKey) throw new RangeError('--push.label must not set job; use --push.job.');
      const { Pushgateway } = await import('../push/index.ts');
      const gateway = new Pushgateway(
        {
          url: values['push.url'],
          job: values['push.job'] || name,
          groupingKey,
          interval: values['push.interval'],
          ...credentials(values, 'push'),
          registry,
          logger,
          selfMetrics,
        },
        { scheduler },
      );
      gateway.start();
      return gateway;
    },
  ),
  target(
    {
      'remote-write.url': url('URL of a remote-write receiver to send metrics to.'),
      'remote-write.label': labels('Label to add to all series; job and instance by default.'),
      'remote-write.interval': interval('Interval of samples.'),
      ...credentialFlags('remote-write', 'receiver'),
    },
    async (values, { name, registry, logger, selfMetrics, scheduler }) => {
      const { RemoteWriter } = await import('../push/index.ts');
      const writer = new RemoteWriter(
        {
          url: values['remote-write.url'],
          labels: { job: name, instance: hostname(), ...Object.fromEntries(values['remote-write.label']) },
          interval: values['remote-write.interval'],
          ...credentials(values, 'remote-write'),
          registry,
          logger,
          selfMetrics,
        },
        { scheduler },
      );
      writer.start();
      return writer;
    },
  ),
  target(
    {
      'otlp.endpoint': url('URL of an OTLP receiver, without /v1/metrics, to export metrics to.'),
      'otlp.resource': {
        ...labels('Attribute of the resource; service.name is the name of the exporter by default.'),
        parse: parsePair,
      },
      'otlp.interval': interval('Interval of exports.', '60s'),
      ...credentialFlags('otlp', 'receiver'),
    },
    async (values, { name, registry, logger, selfMetrics, scheduler }) => {
      const { OtlpExporter } = await import('../push/index.ts');
      const exporter = new OtlpExporter(
        {
          url: `${values['otlp.endpoint'].replace(/\/$/, '')}/v1/metrics`,
          resource: { 'service.name': name, ...Object.fromEntries(values['otlp.resource']) },
          interval: values['otlp.interval'],
          ...credentials(values, 'otlp'),
          registry,
          logger,
          selfMetrics,
        },
        { scheduler },
      );
      exporter.start();
      return exporter;
    },
  ),
  target(
    {
      'textfile.path': {
        help: "Path of a file for the node exporter's textfile collector, ending in .prom.",
        placeholder: 'FILE',
        default: '',
      },
      'textfile.interval': interval('Interval of writes.'),
    },
    async (values, { ownRegistry: registry, scheduler }) => {
      const { TextfileWriter } = await import('../push/index.ts');
      const { write } = new TextfileWriter(values['textfile.path'], { registry });
      scheduler.every(values['textfile.interval'], write, { name: 'write_textfile', immediate: true });
      scheduler.start();
      return {
        stop: async ({ timeout }) => {
          await scheduler.stop({ timeout });
          await write({ signal: AbortSignal.timeout(timeout) });
        },
      };
    },
  ),
];

/** The flags of all targets. */
export const deliveryFlags: Flags = Object.assign({}, ...targets.map(({ flags }) => flags));

/** Whether flags name a target. */
export function isDelivering(values: Values): boolean {
  return enabledTargets(values).length > 0;
}

/**
 * Starts a delivery for each target that the flags name. Its `stop()` delivers the last values to all of them.
 *
 * @throws {UsageError} if flags are invalid together.
 */
export async function startDeliveries(values: Values, parts: DeliveryParts): Promise<RunningDelivery> {
  const running: RunningDelivery[] = [];
  for (const target of enabledTargets(values)) {
    try {
      running.push(await target.start(values, parts));
    } catch (error) {
      throw new UsageError(`--${firstFlag(target)}: ${thrownText(error)}`);
    }
  }
  const { logger } = parts;
  return {
    stop: async (options) => {
      const ends = await Promise.allSettled(running.map((delivery) => delivery.stop(options)));
      for (const end of ends) {
        if (end.status === 'rejected') logger.error('The last delivery failed.', { err: end.reason });
      }
    },
  };
}

function enabledTargets(values: Values): readonly Target[] {
  return targets.filter((target) => values[firstFlag(target)] !== '');
}

function firstFlag({ flags }: Target): string {
  return Object.keys(flags)[0] ?? '';
}

function target<const F extends Flags>(
  flags: F,
  start: (values: FlagValues<F>, parts: DeliveryParts) => Promise<RunningDelivery>,
): Target {
  // The flags of all exporters, targets and this one are parsed together.
  return { flags, start: (values, parts) => start(values as FlagValues<F>, parts) };
}

function url(help: string) {
  return { help, placeholder: 'URL', default: '', parse: parseUrl } satisfies Flag;
}

/** Does not show the text, which may contain a password. */
function parseUrl(text: string): string {
  if (text === '' || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))) return text;
  throw new RangeError('must be a URL with http:// or https://, got another text.');
}

function interval(help: string, byDefault = '15s') {
  return { help, default: byDefault, parse: parseDuration } satisfies Flag;
}

function labels(help: string) {
  return { help, placeholder: 'NAME=VALUE', parse: parseLabel, isRepeatable: true } satisfies Flag;
}

function parseLabel(text: string): readonly [name: string, value: string] {
  const pair = parsePair(text);
  checkLabelName(pair[0], 'label');
  return pair;
}

function parsePair(text: string): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) throw new RangeError(`must be NAME=VALUE, got ${JSON.stringify(text)}.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Secrets come from files, because everyone on the machine can read command lines. */
function credentialFlags<const Name extends string>(name: Name, receiver: string) {
  const file = { placeholder: 'FILE', default: '' };
  return {
    [`${name}.username`]: {
      help: `User name for basic authentication at the ${receiver}.`,
      placeholder: 'NAME',
      default: '',
    },
    [`${name}.password-file`]: { help: `File with the password for the ${receiver}, read for each request.`, ...file },
    [`${name}.bearer-token-file`]: {
      help: `File with a bearer token for the ${receiver}, read for each request.`,
      ...file,
    },
  };
}

function credentials(values: Values, name: string) {
  const text = (flag: string) => String(values[`${name}.${flag}`] ?? '') || undefined;
  const username = text('username');
  const passwordFile = text('password-file');
  if (username === undefined && passwordFile !== undefined) {
    throw new RangeError(`--${name}.password-file requires --${name}.username.`);
  }
  return {
    basicAuth: username === undefined ? undefined : { username, passwordFile },
    bearerTokenFile: text('bearer-token-file'),
  };
}
