import type { MetricType } from '../../model/family.ts';
import { openMetrics2Naming, openMetricsNaming } from './family-naming.ts';
import type { MetadataLine, SampleLine } from './lines.ts';
import type { PointRules } from './openmetrics-checks.ts';
import { pointRulesOf } from './openmetrics-point-rules.ts';
import type { OpenMetricsVersion } from './openmetrics-reader.ts';
import { failAt, ParseError } from './parse-error.ts';
import type { Part } from './points.ts';
import { SeriesIndex } from './series-index.ts';

/** The lines of one label set. */
interface Group {
  isClosed: boolean;
  timestamp: number | undefined;
  rules: PointRules;
}

/** What OpenMetrics asks of one family: metadata, and samples whose label sets are not mixed and whose times go up. */
export class FamilyRules {
  readonly name: string;
  readonly #version: OpenMetricsVersion;
  readonly #report: (error: ParseError) => void;
  readonly #keywords = new Set<string>();
  readonly #groups = new SeriesIndex<Group>({ byTime: false });
  #type: MetricType = 'unknown';
  #parts: Map<string, Part> | undefined;
  #hasUnit = false;
  #group: Group | undefined;
  #line = 0;

  constructor(name: string, version: OpenMetricsVersion, report: (error: ParseError) => void) {
    this.name = name;
    this.#version = version;
    this.#report = report;
  }

  /** The names that belong to the family: its own, and those of its samples. */
  names(): Iterable<string> {
    return new Set([this.name, ...this.#partsByName().keys()]);
  }

  has(sampleName: string): boolean {
    return this.#partsByName().has(sampleName);
  }

  metadata(line: MetadataLine): void {
    if (this.#group !== undefined) failAt(line.line, this.name, 'metadata before the samples of the family');
    if (this.#keywords.has(line.keyword)) failAt(line.line, this.name, `one ${line.keyword} line for the family`);
    this.#keywords.add(line.keyword);
    if (line.keyword === 'TYPE') this.#setType(line.type);
    if (line.keyword === 'UNIT' && line.text !== '') this.#hasUnit = true;
    const isUnitless = this.#type === 'info' || this.#type === 'stateset';
    if (isUnitless && this.#hasUnit) failAt(line.line, this.name, `no unit for type ${this.#type}`);
    if (this.#type === 'info' && this.#version === '2.0.0' && !this.name.endsWith('_info')) {
      failAt(line.line, this.name, 'a name that ends in _info');
    }
  }

  sample(sample: SampleLine): void {
    const except = this.#groupLabelAt(sample);
    const group = this.#groups.get(sample, except, () => this.#newGroup(sample));
    if (group !== this.#group) this.#enter(group, sample);
    this.#checkTime(group, sample);
    group.timestamp = sample.timestamp;
    group.rules.sample(this.#partsByName().get(sample.name) ?? 'value', sample);
    this.#line = sample.line;
  }

  /** All samples have been seen. */
  end(): void {
    this.#endPoint(this.#group);
  }

  #setType(type: MetricType): void {
    this.#type = type;
    this.#parts = undefined;
  }

  #partsByName(): Map<string, Part> {
    const naming = this.#version === '2.0.0' ? openMetrics2Naming : openMetricsNaming;
    this.#parts ??= new Map(naming.suffixes(this.#type).map(([suffix, part]) => [this.name + suffix, part]));
    return this.#parts;
  }

  #groupLabelAt({ labelNames }: SampleLine): number {
    switch (this.#type) {
      case 'histogram':
      case 'gaugehistogram':
        return labelNames.indexOf('le');
      case 'summary':
        return labelNames.indexOf('quantile');
      case 'stateset':
        return labelNames.indexOf(this.name);
      case 'counter':
      case 'gauge':
      case 'info':
      case 'unknown':
        return -1;
    }
  }

  #newGroup({ timestamp }: SampleLine): Group {
    return { isClosed: false, timestamp, rules: this.#newRules() };
  }

  #newRules(): PointRules {
    return pointRulesOf(this.#type, this.name, this.#version);
  }

  /** The samples of the group before are all there: it must not come again. */
  #enter(group: Group, sample: SampleLine): void {
    if (group.isClosed) failAt(sample.line, sample.name, 'all samples of a label set together');
    const last = this.#group;
    this.#group = group;
    this.#endPoint(last);
    if (last !== undefined) last.isClosed = true;
  }

  #checkTime(group: Group, sample: SampleLine): void {
    const { timestamp, line, name } = sample;
    const last = group.timestamp;
    if (timestamp === last) return;
    if (timestamp === undefined || last === undefined) {
      throw failAt(line, name, 'timestamps on all samples of a label set or on none');
    }
    if (timestamp < last && this.#type !== 'info') failAt(line, name, `a timestamp of ${last} or later`);
    const { rules } = group;
    group.rules = this.#newRules();
    this.#endRules(rules);
  }

  #endPoint(group: Group | undefined): void {
    if (group !== undefined) this.#endRules(group.rules);
  }

  /** What is missing at the end is reported, not thrown: the line at hand is not to blame. */
  #endRules(rules: PointRules): void {
    const problem = rules.end();
    if (problem === undefined) return;
    this.#report(new ParseError({ line: this.#line, column: 1, text: this.name, expected: problem }));
  }
}
