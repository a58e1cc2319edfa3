import type { EventLoopBudget } from '../../model/event-loop-budget.ts';
import type { MetricFamily, MetricType, Sample } from '../../model/family.ts';
import { thrownText } from '../../model/thrown.ts';
import { HistogramSamples, SummarySamples } from './foreign-distributions.ts';
import { type ForeignSample, isObject, readSample } from './foreign-sample.ts';

/** Number of samples between two checks of the clock. */
const SAMPLES_AT_ONCE = 64;

export interface ForeignResult {
  /** The name under which the metric is registered. */
  readonly name: string;
  /** Outcome of the metric's `get()`. */
  readonly result: PromiseSettledResult<unknown>;
  readonly defaultLabels: Readonly<Record<string, unknown>>;
  /** Long families are converted in turns. */
  readonly budget: EventLoopBudget;
}

/** Combines the samples of one family into points. */
interface PointBuilder {
  add(sample: ForeignSample): void;
  readonly points: readonly Sample[];
}

/** Converts the result of a metric's `get()`. An error is thrown when the points are read, so that this family alone is reported. */
export async function familyOf(foreign: ForeignResult): Promise<MetricFamily> {
  try {
    return await converted(foreign);
  } catch (thrown) {
    const error = new Error(`${foreign.name}: ${thrownText(thrown)}`, { cause: thrown });
    return { name: foreign.name, help: '', type: 'unknown', points: failing(error) };
  }
}

async function converted({ name, result, defaultLabels, budget }: ForeignResult): Promise<MetricFamily> {
  if (result.status === 'rejected') throw result.reason;
  if (!isObject(result.value)) throw new TypeError('get() of the metric must return an object.');
  const { help = '', type: givenType, values = [] } = result.value;
  if (!Array.isArray(values)) throw new TypeError('values must be an array.');
  const isKnown =
    givenType === 'counter' || givenType === 'gauge' || givenType === 'histogram' || givenType === 'summary';
  const type = isKnown ? givenType : 'unknown';
  const builder = builderOf(type, name);
  for (const [index, value] of values.entries()) {
    if (index % SAMPLES_AT_ONCE === 0 && budget.isOver) await budget.wait();
    builder.add(readSample(value, defaultLabels));
  }
  // The builder of a type makes points of that type.
  return { name, help: String(help), type, points: builder.points } as MetricFamily;
}

function failing(error: Error): Iterable<never> {
  return {
    [Symbol.iterator](): never {
      throw error;
    },
  };
}

function builderOf(type: MetricType, name: string): PointBuilder {
  if (type === 'histogram') return new HistogramSamples(name);
  if (type === 'summary') return new SummarySamples(name);
  return new NumberSamples(name, type === 'counter');
}

class NumberSamples implements PointBuilder {
  readonly points: Sample<'counter' | 'gauge' | 'unknown'>[] = [];
  readonly #names: readonly unknown[];

  constructor(name: string, isCounter: boolean) {
    this.#names = [undefined, name, ...(isCounter ? [name.replace(/_total$/, '')] : [])];
  }

  add({ metricName, labels, value, exemplar }: ForeignSample): void {
    if (!this.#names.includes(metricName)) {
      throw new Error(`A sample ${metricName} does not belong to ${this.#names[1]}.`);
    }
    this.points.push({ labels, value, exemplar });
  }
}
