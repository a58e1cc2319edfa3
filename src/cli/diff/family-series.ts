import type { MetricFamily } from '../../model/family.ts';
import type { FlatSample } from '../../model/flat-samples.ts';
import { rowsOf, type SampleRow, type SampleRows } from '../../model/sample-rows.ts';
import { flatSeries, rowText, seriesCount, seriesText } from '../document/flat-series.ts';
import { SeriesHash, SeriesValues } from '../document/series-hash.ts';
import { checkMemory } from '../input/memory-limit.ts';

/** Number of series after which the memory is checked again. */
const SERIES_PER_CHECK = 1000;

/** All series of families, except those of the first `skipped` points. */
export class FamilySeries {
  readonly #families: readonly MetricFamily[];
  readonly #skipped: number;

  constructor(families: readonly MetricFamily[], skipped = 0) {
    this.#families = families;
    this.#skipped = skipped;
  }

  /** Starts reading them. */
  read(): SeriesReader {
    return new SeriesReader(this.#families, this.#skipped);
  }

  /** Returns the values by the hashes of the series. Of several samples of a series, the last one counts. */
  values(): SeriesValues {
    const count = this.#families.reduce((sum, family) => sum + seriesCount(family), 0);
    const values = new SeriesValues(count - this.#skipped);
    for (const series = this.read(); series.next(); ) values.set(series.hash, series.value);
    return values;
  }
}

const seriesHash = new SeriesHash();

/** Whether two rows of a family are the same series, with their labels in any order. */
export function isSameSeries(one: SampleRow, other: SampleRow): boolean {
  return seriesHash.of('', one) === seriesHash.of('', other);
}

/** Reads series one after the other, without creating an object for each: it is the series that was read last. */
class SeriesReader {
  hash = 0;
  value = 0;
  readonly #families: Iterator<MetricFamily>;
  readonly #skipped: number;
  #count = 0;
  #name = '';
  /** The series of the current family: rows if it has them, and samples otherwise. */
  #rows: SampleRows | undefined = undefined;
  #samples: Iterator<FlatSample> | undefined = undefined;
  #sample: FlatSample | undefined = undefined;

  constructor(families: readonly MetricFamily[], skipped: number) {
    this.#families = families[Symbol.iterator]();
    this.#skipped = skipped;
  }

  /** Reads the next series; false if there is none. */
  next(): boolean {
    if (this.#count++ % SERIES_PER_CHECK === 0) checkMemory();
    do {
      if (this.#nextRow() || this.#nextSample()) return true;
    } while (this.#nextFamily());
    return false;
  }

  /** Returns the name of the series with its labels. */
  text(): string {
    if (this.#rows !== undefined) return rowText(this.#name, this.#rows);
    return this.#sample === undefined ? '' : seriesText(this.#sample);
  }

  #nextRow(): boolean {
    const rows = this.#rows;
    if (rows?.next() !== true) return false;
    this.hash = seriesHash.ofRow(this.#name, rows);
    this.value = rows.value;
    return true;
  }

  #nextSample(): boolean {
    const next = this.#samples?.next();
    if (next === undefined || next.done === true) return false;
    const sample = next.value;
    this.#sample = sample;
    this.hash = seriesHash.ofPairs(sample.name, sample.labels);
    this.value = sample.value;
    return true;
  }

  #nextFamily(): boolean {
    const { done, value: family } = this.#families.next();
    if (done === true) return false;
    this.#name = family.name;
    this.#rows = rowsOf(family.points);
    this.#samples = undefined;
    if (this.#rows !== undefined) {
      for (let count = 0; count < this.#skipped; count++) this.#rows.next();
    } else {
      const points = skip<unknown>(family.points, this.#skipped);
      this.#samples = flatSeries({ ...family, points } as MetricFamily)[Symbol.iterator](); // The points match the type.
    }
    return true;
  }
}

function* skip<T>(items: Iterable<T>, count: number): Iterable<T> {
  let index = 0;
  for (const item of items) if (index++ >= count) yield item;
}
