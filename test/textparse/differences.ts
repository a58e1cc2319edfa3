/** Compares the series that a server stores from a document with those that our parsers read in `prometheus` mode. */

import type { MetricFamily, MetricType } from '../../src/model/family.ts';
import { ParseError, parse } from '../../src/parse/index.ts';
import { CONTENT_TYPES, type FormatName, type Pair, type Stored, type StoredExemplar, type StoredHistogram, type StoredMetadata, type StoredSeries } from './oracle.ts'; // biome-ignore format: one list
import { histogramsOf, type OurSeries, seriesOf } from './stored-series.ts';

/** The maximum number of milliseconds that a double represents exactly. */
const MAX_MILLISECONDS = 2 ** 53;

/** The families that our parser returns, or the reason for rejecting the document. */
export type Read = readonly MetricFamily[] | ParseError;

export function read(document: Uint8Array, format: FormatName): Read {
  try {
    return parse(document, CONTENT_TYPES[format], { mode: 'prometheus' });
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
}

/** All differences, one per line; empty if a known difference explains them (see `explanation()`). */
export function differences(document: Uint8Array, format: FormatName, stored: Stored): string[] {
  if (explanation(document, format, stored) !== undefined) return [];
  const ours = read(document, format);
  if (ours instanceof ParseError) return stored.error === undefined ? [`refused: ${ours.message}`] : [];
  if (stored.error !== undefined) return [`accepted; a server says: ${stored.error}`];
  const series = seriesOf(ours, format);
  const theirs = withoutImplied(stored.series ?? [], series, stored);
  const compared = withoutImplied(series, series, stored);
  return [
    ...setDifferences(storedTexts(theirs, format), compared.map(seriesText)),
    ...histogramDifferences(stored.histograms ?? [], histogramsOf(ours, format), format),
    ...startDifferences(withoutImplied(stored.started ?? [], series, stored), compared, format),
    ...metadataDifferences(stored.metadata ?? [], format === 'protobuf' ? merged(ours) : ours, format),
  ];
}

/** Why a document is not compared: we reject it on purpose, or the server's parser has a defect that we do not copy. */
export function explanation(document: Uint8Array, format: FormatName, { error = '' }: Stored): string | undefined {
  const text = Buffer.from(document).toString('latin1');
  if (error.startsWith('panic')) return 'the server panics';
  if (format === 'protobuf') return undefined;
  // Servers before 3.0 fail the scrape; later ones store a series whose name begins with blanks.
  if (format === 'text' && /^[ \t]+[a-zA-Z_:]/m.test(text)) return 'blanks before a metric name';
  // We reject them; servers ignore them.
  if (/^(?:#[ \t]*[A-Z]*[ \t]*)?\0|["\\]\0/m.test(text)) {
    return 'NUL in or before a keyword, behind a label value or a backslash';
  }
  return undefined;
}

/**
 * Native histograms whose classic buckets are inconsistent: the classic buckets become separate series, and the native histogram
 * has its own last bucket for servers that do not scrape native histograms. Such last buckets are not compared.
 */
function withoutImplied<T extends StoredSeries>(all: readonly T[], ours: readonly OurSeries[], stored: Stored): T[] {
  const natives = new Set((stored.histograms ?? []).map((one) => bucketKey(`${one.name}_bucket`, one)));
  const loose = ours.filter(({ isPart, name }) => !isPart && name.endsWith('_bucket'));
  const keys = new Set(loose.map((one) => bucketKey(one.name, one)).filter((key) => natives.has(key)));
  const isLast = ({ labels }: StoredSeries) => labels.some(([name, text]) => name === 'le' && text === '+Inf');
  return all.filter((one) => !(isLast(one) && keys.has(bucketKey(one.name, one))));
}

function bucketKey(name: string, { labels, timestamp }: Pick<StoredSeries, 'labels' | 'timestamp'>): string {
  return JSON.stringify([name, labels.filter(([label]) => label !== 'le'), timestamp]);
}

function storedTexts(series: readonly StoredSeries[], format: FormatName): string[] {
  return series.map(({ start: _, ...one }) => seriesText(format === 'openmetrics' ? unescapedExemplars(one) : one));
}

/** The server keeps escapes in the labels of OpenMetrics 1.0 exemplars (as of 3.16). */
function unescapedExemplars(series: StoredSeries): StoredSeries {
  const exemplars = series.exemplars?.map((one) => ({
    ...one,
    labels: one.labels.map(([name, value]): Pair => [unescaped(name), unescaped(value)]),
  }));
  return exemplars === undefined ? series : { ...series, exemplars };
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([n"\\])/g, (_, character) => (character === 'n' ? '\n' : character));
}

function seriesText({ name, labels, value, timestamp, exemplars = [] }: StoredSeries): string {
  const shown = exemplars.map((one) => ` # ${exemplarText(one)}`).sort();
  return `${JSON.stringify([name, labels])} ${numberText(value)} ${timeText(timestamp)}${shown.join('')}`;
}

function exemplarText({ labels, value, timestamp }: StoredExemplar): string {
  return `${JSON.stringify(labels)} ${numberText(value)} ${timeText(timestamp)}`;
}

/** The server loses the exemplars of all native histograms except the first of a protobuf family (as of 3.16). */
function histogramDifferences(
  theirs: readonly StoredHistogram[],
  ours: readonly StoredHistogram[],
  format: FormatName,
): string[] {
  if (format !== 'protobuf') return setDifferences(theirs.map(histogramText), ours.map(histogramText));
  const known = new Set(ours.flatMap((one) => (one.exemplars ?? []).map((exemplar) => exemplarKey(one, exemplar))));
  const all = theirs.flatMap((one) => (one.exemplars ?? []).map((exemplar) => [one, exemplar] as const));
  const missing = all.filter(([one, exemplar]) => !near(exemplar).some((other) => known.has(exemplarKey(one, other))));
  const bare = ({ exemplars: _, ...histogram }: StoredHistogram) => histogramText(histogram);
  const lines = missing.map(([one, exemplar]) => `- exemplar ${exemplarKey(one, exemplar)}`);
  return [...lines, ...setDifferences(theirs.map(bare), ours.map(bare))];
}

/** The exemplar, and the same exemplar one millisecond off, because negative nanoseconds are rounded differently. */
function near(exemplar: StoredExemplar): StoredExemplar[] {
  return [0, 1, -1].map((offset) => ({ ...exemplar, timestamp: String(Number(exemplar.timestamp) + offset) }));
}

function exemplarKey(histogram: StoredHistogram, exemplar: StoredExemplar): string {
  return `${histogram.name}${JSON.stringify(histogram.labels)} ${exemplarText(exemplar)}`;
}

function histogramText(histogram: StoredHistogram): string {
  const { name, labels, timestamp, schema, count, sum, zeroThreshold, zeroCount, positive, negative } = histogram;
  const numbers = [count, sum, zeroThreshold, zeroCount].map(numberText);
  const sides = [positive, negative].map((side) => (side ?? []).map(([index, held]) => [index, numberText(held)]));
  const exemplars = (histogram.exemplars ?? []).map(exemplarText).sort();
  return JSON.stringify([name, labels, timeText(timestamp), schema, numbers, sides, exemplars]);
}

function numberText(text: string): string {
  const value = Number(text.replace('Inf', 'Infinity').replace('Infinityinity', 'Infinity'));
  return Object.is(value, -0) ? '-0' : String(value);
}

function timeText(time: string | undefined): string {
  if (time === undefined) return '-';
  return Math.abs(Number(time)) >= MAX_MILLISECONDS ? 'beyond' : time;
}

/** Compares arrays as multisets of strings. */
function setDifferences(theirs: readonly string[], ours: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const text of theirs) left.set(text, (left.get(text) ?? 0) + 1);
  const added: string[] = [];
  for (const text of ours) {
    const count = left.get(text) ?? 0;
    if (count === 0) added.push(`+ ${text}`);
    else left.set(text, count - 1);
  }
  const missing = [...left].flatMap(([text, count]) => new Array<string>(count).fill(`- ${text}`));
  return [...missing, ...added];
}

/**
 * We must return each start time that a server returns. In OpenMetrics 1.0, a server looks for the `_created` line directly after the
 * samples with the same labels, at any time, and we look for a line with the same labels and time, at any position. A series
 * that matches no family has no start time; a `_created` line that matches no series is a series itself.
 */
function startDifferences(started: readonly StoredSeries[], ours: readonly OurSeries[], format: FormatName): string[] {
  const byText = new Map<string, OurSeries[]>();
  for (const series of ours) byText.set(seriesText(series), [...(byText.get(seriesText(series)) ?? []), series]);
  const created = createdLines(ours);
  const missing = started.filter((series) => {
    const same = byText.get(seriesText(format === 'openmetrics' ? unescapedExemplars(series) : series)) ?? [];
    if (same.some((one) => hasStart(one, series))) return false;
    if (format !== 'openmetrics' || !created.starts.has(series.start)) return true;
    return same.some((one) => created.told.has(startKey(one, series.start)));
  });
  const theirs = new Set(started.map((series) => seriesText(series)));
  const added = ours.filter((series) => Number(series.start ?? 0) !== 0 && !theirs.has(seriesText(series)));
  return [
    ...missing.map((series) => `- start of ${startText(series)}`),
    ...(format === 'openmetrics' ? [] : added.map((series) => `+ start of ${startText(series)}`)),
  ];
}

/** The times in all `_created` lines, and the lines that our parser uses as start times. */
function createdLines(ours: readonly OurSeries[]) {
  const lines = ours.filter(({ name }) => name.endsWith('_created'));
  const start = ({ value }: OurSeries) => String(Math.trunc(Number(value) * 1000) + 0);
  const told = lines.filter(({ startFamily }) => startFamily !== undefined);
  return {
    starts: new Set<string | undefined>(lines.map(start)),
    told: new Set(told.map((line) => startKey(line, start(line)))),
  };
}

function startKey({ startFamily, labels, timestamp }: OurSeries, start: string | undefined): string {
  return JSON.stringify([
    startFamily,
    labels.filter(([name]) => name !== 'le' && name !== 'quantile'),
    timestamp,
    start,
  ]);
}

/** Our times are in seconds, so conversion may yield the previous millisecond. */
function hasStart({ start: ours }: StoredSeries, { start: theirs }: StoredSeries): boolean {
  if (Math.abs(Number(theirs)) >= MAX_MILLISECONDS) return true;
  return ours !== undefined && Math.abs(Number(ours) - Number(theirs)) <= 1;
}

function startText(series: StoredSeries): string {
  return `${seriesText(series)}: ${series.start}`;
}

/** In protobuf, several families may have the same name; the server keeps the last unit. */
function merged(families: readonly MetricFamily[]): MetricFamily[] {
  const units = new Map<string, string>();
  const last = families.map((family) => {
    if (family.unit !== undefined) units.set(family.name, family.unit);
    return { ...family, unit: units.get(family.name) } as MetricFamily; // The type is the same.
  });
  return [...families, ...last];
}

const SUFFIXES: { readonly [T in MetricType]?: string } = { counter: '_total', info: '_info' };

/**
 * If no sample matches a family, our parser returns it with type unknown. All other metadata must be equal, except for names
 * that no sample can have.
 */
function metadataDifferences(theirs: readonly StoredMetadata[], ours: readonly MetricFamily[], format: FormatName) {
  const spellings = theirs.map(({ name }) => unescaped(name));
  return theirs.flatMap(({ name: escaped, type, help = '', unit = '' }) => {
    const name = unescaped(escaped);
    const suffix = format === 'openmetrics' ? (SUFFIXES[type as MetricType] ?? '') : '';
    const named = ours.filter((family) => family.name === name || family.name === name + suffix);
    const isTold = named.some((family) => {
      const isType = type === undefined || family.type === type || family.type === 'unknown';
      return isType && family.help === help && (family.unit ?? '') === unit;
    });
    const told = named.map((family) => JSON.stringify([family.type, family.help, family.unit ?? '']));
    const wanted = JSON.stringify([type, help, unit]);
    const isAmbiguous = spellings.indexOf(name) !== spellings.lastIndexOf(name);
    return isTold || isAmbiguous || name === '' || name.includes('\ufffd')
      ? []
      : [`- metadata of ${name}: ${wanted}, not ${told.join(' or ')}`];
  });
}
