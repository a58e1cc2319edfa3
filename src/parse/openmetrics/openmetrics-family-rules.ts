import type { MetricType } from '../../model/family.ts';
import { mayHaveUnit, reservedLabelOf, type SamplePart, sampleSuffixes } from '../../model/sample-names.ts';
import { SeriesIndex } from '../assembly/series-index.ts';
import { failAt, ParseError } from '../input/parse-error.ts';
import type { MetadataLine, SampleLine } from '../lines/line-handler.ts';
import type { PointRules } from './openmetrics-checks.ts';
import { pointRulesOf } from './openmetrics-point-rules.ts';
import type { OpenMetricsVersion } from './openmetrics-reader.ts';

/** Rules of OpenMetrics for one family: metadata, label sets that are not interleaved, and increasing timestamps. */
export class FamilyRules {
  readonly name: string;
  readonly #isVersion2: boolean;
  readonly #report: (error: ParseError) => void;
  readonly #keywords = new Set<string>();
  readonly #runs = new Runs();
  readonly #stateSets = new StateSetOrder();
  #type: MetricType = 'unknown';
  /** Label that distinguishes the lines of a point in OpenMetrics 1.0. */
  #partLabel: string | undefined;
  #parts: Map<string, SamplePart> | undefined;
  #hasUnit = false;
  /** The current point, its time, and the line of its last sample. */
  #point: PointRules | undefined;
  #timestamp: number | undefined;
  #line = 0;

  constructor(name: string, version: OpenMetricsVersion, report: (error: ParseError) => void) {
    this.name = name;
    this.#isVersion2 = version === '2.0.0';
    this.#report = report;
  }

  /** The names of the family and of its samples. */
  names(): Iterable<string> {
    return new Set([this.name, ...this.#partsByName().keys()]);
  }

  has(sampleName: string): boolean {
    return this.#partsByName().has(sampleName);
  }

  metadata(line: MetadataLine): void {
    const { name } = this;
    if (this.#point !== undefined) failAt(line.line, name, 'metadata before the samples of the family');
    if (this.#keywords.has(line.keyword)) failAt(line.line, name, `one ${line.keyword} line for the family`);
    this.#keywords.add(line.keyword);
    if (line.keyword === 'TYPE') {
      this.#type = line.type;
      this.#partLabel = this.#isVersion2 ? undefined : reservedLabelOf(line);
      this.#parts = undefined;
    }
    if (line.keyword === 'UNIT' && line.text !== '') this.#hasUnit = true;
    this.#checkType(line.line);
  }

  sample(sample: SampleLine): void {
    if (this.#isVersion2 && this.#type === 'stateset') this.#stateSets.enter(sample, this.name);
    const partLabel = this.#partLabel;
    const isNew = this.#runs.enter(sample, partLabel === undefined ? -1 : sample.labelNames.indexOf(partLabel));
    if (!isNew) this.#checkTime(sample);
    if (isNew || sample.timestamp !== this.#timestamp) {
      this.#endPoint();
      this.#point = pointRulesOf(this.#type, this.name, this.#isVersion2, this.#point);
    }
    this.#timestamp = sample.timestamp;
    this.#point?.sample(this.#partsByName().get(sample.name) ?? 'value', sample);
    this.#line = sample.line;
  }

  /** Ends the family after its last sample. */
  end(): void {
    this.#endPoint();
  }

  #checkType(line: number): void {
    const { name } = this;
    if (this.#hasUnit && !mayHaveUnit(this.#type)) failAt(line, name, `no unit for type ${this.#type}`);
    const isMisnamed = this.#isVersion2 && this.#type === 'info' && !name.endsWith('_info');
    if (isMisnamed) failAt(line, name, 'a name that ends in _info');
  }

  #partsByName(): Map<string, SamplePart> {
    const suffixes = sampleSuffixes(this.#type, this.#isVersion2 ? 'openMetrics2' : 'openMetrics');
    this.#parts ??= new Map(suffixes.map(([suffix, part]) => [this.name + suffix, part]));
    return this.#parts;
  }

  #checkTime({ timestamp, line, name }: SampleLine): void {
    const last = this.#timestamp;
    if (timestamp === last) return;
    if (timestamp === undefined || last === undefined) {
      throw failAt(line, name, 'timestamps on all samples of a label set or on none');
    }
    if (timestamp < last && this.#type !== 'info') failAt(line, name, `a timestamp of ${last} or later`);
  }

  /** Reports what is missing instead of throwing, because the current line is not the cause. */
  #endPoint(): void {
    const problem = this.#point?.end();
    if (problem === undefined) return;
    this.#report(new ParseError({ line: this.#line, column: 1, text: this.name, expected: problem }));
  }
}

/** Detects interrupted groups: once another group has started, the previous one must not continue. */
export class Runs {
  readonly #index = new SeriesIndex<{ isOver: boolean }>({ byTime: false });
  #current: { isOver: boolean } | undefined;

  /** Throws if the samples of these labels, without the one at `partLabel`, were interrupted. False if they continue the current group. */
  enter(sample: SampleLine, partLabel: number): boolean {
    const run = this.#index.get(sample, partLabel, () => ({ isOver: false }));
    if (run === this.#current) return false;
    if (run.isOver) failAt(sample.line, sample.name, 'all samples of a label set together');
    if (this.#current !== undefined) this.#current.isOver = true;
    this.#current = run;
    return true;
  }
}

/**
 * The order of state sets in OpenMetrics 2.0, where each state is a metric: the states of a set must be consecutive. The negative
 * example of the specification goes further: sets that share their leading label must also be consecutive.
 */
export class StateSetOrder {
  readonly #sets = new Runs();
  readonly #overLeaders = new Set<string>();
  #leader: string | undefined;

  enter(sample: SampleLine, family: string): void {
    const at = sample.labelNames.indexOf(family);
    this.#sets.enter(sample, at);
    const lead = at === 0 ? 1 : 0;
    const leader = JSON.stringify([sample.labelNames[lead], sample.labelValues[lead]]);
    if (leader === this.#leader) return;
    if (this.#overLeaders.has(leader))
      failAt(sample.line, sample.name, 'state sets with the same leading label together');
    if (this.#leader !== undefined) this.#overLeaders.add(this.#leader);
    this.#leader = leader;
  }
}
