import type { ApiUse } from './api-uses.ts';
import type { Token } from './tokens.ts';

/** Effect of the switch on a use of the API. */
export interface Verdict {
  readonly kind: 'same' | 'differs' | 'check by hand';
  /** Empty for `same`. */
  readonly message: string;
}

const SAME: Verdict = { kind: 'same', message: '' };

const CLASSES = ['Counter', 'Gauge', 'Histogram', 'Summary'];
const FUNCTIONS = 'linearBuckets exponentialBuckets collectDefaultMetrics validateMetricName'.split(' ');
const VALUES = 'register Registry contentType prometheusContentType openMetricsContentType aggregators'.split(' ');
const CLUSTER = ['AggregatorRegistry', 'ClusterRegistry', 'WorkerRegistry'];
const NAMES = new Set([...CLASSES, ...FUNCTIONS, ...VALUES, ...CLUSTER, 'Pushgateway']);
const REGISTRY_MEMBERS = new Set(
  `metrics clear resetMetrics registerMetric getMetricsAsJSON getMetricsAsArray getMetricsAsString removeSingleMetric getSingleMetric
  setDefaultLabels getSingleMetricAsString contentType setContentType`.split(/\s+/),
);
/** Files in lib/ that the alias packages have. */
const DEEP_IMPORT =
  /^(package\.json|(lib\/(bucketGenerators|cluster|counter|defaultMetrics|gauge|histogram|metric|metricAggregators|pushgateway|registry|summary|validation|worker|metrics\/\w+)(\.js)?))$/;
const INTERNALS = /^lib\/(util|timeWindowQuantiles)(\.js)?$/;

export function verdictOf(use: ApiUse): Verdict {
  if (use.form === 'text')
    return byHand('The name of the package is in a string: tools that load or mock it by name get zeroprom.');
  if (use.form === 'deep import') return deepImport(use.path[0] ?? '');
  if (use.form === 'lost') return lost(use);
  const [name = '', member = ''] = use.path;
  if (!NAMES.has(name)) return byHand(`${name} is not exported by prom-client.`);
  if (name === 'register' && member !== '' && !REGISTRY_MEMBERS.has(member)) {
    return member === '_metrics' ? lost(use) : byHand(`${member} is not a documented member of a registry.`);
  }
  if (member === 'setContentType') return differs('Scraping OpenMetrics no longer renames counters in the registry.');
  if (use.form === 'new' && CLASSES.includes(name)) return newMetric(name, use.args);
  return OTHERS[use.form === 'new' ? `new ${name}` : `${name}()`]?.(use) ?? SAME;
}

const clustered = (): Verdict =>
  differs('A worker that is late no longer fails the scrape, and the counts of workers that have ended are kept.');

/** By the text of the use. */
const OTHERS: Readonly<Record<string, (use: ApiUse) => Verdict>> = {
  'new AggregatorRegistry': clustered,
  'new ClusterRegistry': clustered,
  'new WorkerRegistry': clustered,
  'new Pushgateway': () =>
    differs(
      'Requests have a Content-Type, and empty grouping values are sent as @base64: update the expectations of mocks.',
    ),
  'new Registry': ({ args }) =>
    args.length > 0 ? differs('Scraping OpenMetrics no longer renames counters in the registry.') : SAME,
  'collectDefaultMetrics()': ({ form }) =>
    form === 'call'
      ? differs(
          'nodejs_gc_duration_seconds counts every collection, so it rises faster: prom-client counts one of each batch.',
        )
      : SAME,
};

function newMetric(name: string, args: readonly Token[]): Verdict {
  const [first] = args;
  if (first?.kind === 'string' || first?.kind === 'template') {
    return differs('Positional arguments were removed in prom-client 12: pass { name, help, labelNames }.');
  }
  if (first === undefined) return SAME;
  if (first.text !== '{')
    return byHand('The configuration is defined elsewhere: see the guide for options that differ.');
  const messages = [...optionMessages(name, args)];
  if (messages.length > 0) return differs(messages.join(' '));
  const isSpread = args.some(({ text }) => text === '...');
  return isSpread
    ? byHand('Part of the configuration is defined elsewhere: see the guide for options that differ.')
    : SAME;
}

function* optionMessages(name: string, args: readonly Token[]): Generator<string> {
  const options = new Set(args.filter((_, index) => args[index + 1]?.text === ':').map(({ text }) => text));
  if (name === 'Counter' && options.has('enableExemplars'))
    yield 'labels(...).inc() increments the series with these labels.';
  if (name === 'Summary' && (options.has('maxAgeSeconds') || options.has('ageBuckets'))) {
    yield 'Quantiles are those of the window: prom-client counts observations once for each age bucket.';
  }
  if (name === 'Histogram' && hasDisorderedBuckets(args)) yield 'Buckets are sorted, and each bound is shown once.';
}

/** Whether `buckets` is a list of numbers, not all of which increase. */
function hasDisorderedBuckets(args: readonly Token[]): boolean {
  const begin = args.findIndex(({ text }, index) => text === 'buckets' && args[index + 2]?.text === '[') + 3;
  if (begin < 3) return false;
  const bounds: number[] = [];
  for (let at = begin; args[at] !== undefined && args[at]?.text !== ']'; at++) {
    if (args[at]?.text === ',') continue;
    const isNegative = args[at]?.text === '-';
    const bound = Number(args[isNegative ? ++at : at]?.text.replaceAll('_', ''));
    if (Number.isNaN(bound)) return false;
    bounds.push(isNegative ? -bound : bound);
  }
  return bounds.some((bound, index) => !Number.isFinite(bound) || (index > 0 && bound <= bounds[index - 1]!));
}

function deepImport(path: string): Verdict {
  if (INTERNALS.test(path))
    return byHand(`${path} is internal to prom-client: only its most used functions are available.`);
  return DEEP_IMPORT.test(path) ? SAME : differs(`${path} does not exist: import a public name instead.`);
}

function lost({ path, text }: ApiUse): Verdict {
  if (path.includes('hashMap'))
    return byHand('If this is a metric, hashMap is a copy to read: changes to it have no effect.');
  if (path.includes('_metrics'))
    return byHand('If this is a registry, _metrics can be read and entries can be deleted; prefer getSingleMetric().');
  if (path.length > 0) return byHand(`${text} is used with a computed name.`);
  return byHand('The module is passed on here: uses through other names are not followed.');
}

function differs(message: string): Verdict {
  return { kind: 'differs', message };
}

function byHand(message: string): Verdict {
  return { kind: 'check by hand', message };
}
