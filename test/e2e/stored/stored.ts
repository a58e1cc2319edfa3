/** Reads everything that a server has stored for a job. */
import { numberOf, type Prometheus } from '../prometheus.ts';

type Labels = Readonly<Record<string, string>>;

/** Strings with sorted labels, in sets that can be compared as a whole. */
export interface Stored {
  /** Series, and the different values that they had. */
  readonly samples: ReadonlyMap<string, string>;
  readonly metadata: readonly string[];
  readonly exemplars: readonly string[];
  /** By series, the milliseconds of the first sample. */
  readonly firstMs: ReadonlyMap<string, number>;
}

interface ApiHistogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly (readonly [rule: number, lower: string, upper: string, count: string])[];
}

interface ApiSeries {
  readonly metric: Labels;
  readonly values?: readonly (readonly [seconds: number, value: string])[];
  readonly histograms?: readonly (readonly [seconds: number, value: ApiHistogram])[];
}

export async function storedOf(prometheus: Prometheus, job: string): Promise<Stored> {
  const { result } = await prometheus.api<{ result: ApiSeries[] }>('query', { query: `{job="${job}"}[5m]` });
  const samples = new Map<string, string>();
  const firstMs = new Map<string, number>();
  for (const { metric, values = [], histograms = [] } of result) {
    const series = seriesText(metric);
    const shown = [
      ...values.map(([time, value]) => [time, String(numberOf(value))] as const),
      ...histograms.map(([time, value]) => [time, histogramText(value)] as const),
    ];
    const texts = shown.map(([, value]) => value);
    samples.set(series, texts.filter((text, index) => text !== texts[index - 1]).join(' then '));
    firstMs.set(series, Math.round(Math.min(...shown.map(([time]) => time)) * 1000));
  }
  return {
    samples,
    firstMs,
    metadata: await metadataOf(prometheus, job),
    exemplars: await exemplarsOf(prometheus, job),
  };
}

async function metadataOf(prometheus: Prometheus, job: string): Promise<string[]> {
  const all = await prometheus.api<{ metric: string; type: string; help: string; unit: string }[]>('targets/metadata', {
    match_target: `{job="${job}"}`,
  });
  return all.map(({ metric, type, unit, help }) => metadataText(metric, type, unit, help)).sort();
}

async function exemplarsOf(prometheus: Prometheus, job: string): Promise<string[]> {
  const now = Date.now() / 1000;
  const all = await prometheus.api<
    { seriesLabels: Labels; exemplars: { labels: Labels; value: string; timestamp: number }[] }[]
  >('query_exemplars', { query: `{job="${job}"}`, start: String(now - 600), end: String(now + 60) });
  const texts = all.flatMap(({ seriesLabels, exemplars }) =>
    exemplars.map(({ labels, value, timestamp }) =>
      exemplarText(seriesText(seriesLabels), labels, Number(value), Math.round(timestamp * 1000)),
    ),
  );
  return texts.sort();
}

export function metadataText(name: string, type: string, unit: string, help: string): string {
  return `${name} ${type} unit=${unit} ${JSON.stringify(help)}`;
}

export function exemplarText(series: string, labels: Labels, value: number, timeMs: number): string {
  return `${series} ${JSON.stringify(labels)} ${value} at ${timeMs}`;
}

/** `{"__name__"="up",...}` without the labels that the server adds to all. */
export function seriesText(labels: Labels): string {
  const { instance: _instance, job: _job, ...rest } = labels;
  const pairs = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(' ');
}

function histogramText({ count, sum, buckets = [] }: ApiHistogram): string {
  const texts = buckets.map(([rule, lower, upper, observations]) => {
    const open = rule === 1 || rule === 3 ? '[' : '(';
    const close = rule === 0 || rule === 3 ? ']' : ')';
    return `${open}${lower},${upper}${close}:${observations}`;
  });
  return [`count ${count} sum ${sum}`, ...texts].join(' ');
}
