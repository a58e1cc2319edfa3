import type { MetricType } from '../../model/family.ts';
import { mayHaveUnit } from '../../model/sample-names.ts';
import { failAt } from '../input/parse-error.ts';
import type { CompositeValue, LineHandler, MetadataLine, SampleLine } from '../lines/line-handler.ts';
import { checkInfo, checkState } from './openmetrics-checks.ts';

/**
 * Rules of Prometheus 3.16 for OpenMetrics 2.0 beyond its grammar. Metadata apply to the following lines
 * with the same name.
 */
export class ServerOpenMetricsRules implements LineHandler {
  readonly #next: LineHandler;
  #name: string | undefined;
  #type: MetricType = 'unknown';
  #hasUnit = false;

  constructor(next: LineHandler) {
    this.#next = next;
  }

  metadata(line: MetadataLine): void {
    this.#enter(line.name);
    if (line.keyword === 'TYPE') {
      if (line.type === 'info' && !line.name.endsWith('_info'))
        failAt(line.line, line.name, 'a name that ends in _info');
      this.#type = line.type;
    }
    if (line.keyword === 'UNIT') this.#hasUnit = line.text !== '';
    if (line.keyword !== 'HELP' && this.#hasUnit && !mayHaveUnit(this.#type))
      failAt(line.line, line.name, `no unit for type ${this.#type}`);
    this.#next.metadata(line);
  }

  sample(line: SampleLine): void {
    this.#enter(line.name);
    const { composite, labelNames, name } = line;
    if (composite === undefined) {
      checkNumber(line, this.#type);
    } else {
      // The series of the value have an additional label, which the line must not have.
      if (composite.kind !== this.#type) failAt(line.line, name, `a number, or the value of a ${this.#type}`);
      if (composite.kind !== 'summary' && labelNames.includes('le')) failAt(line.line, name, 'no label le');
      if (hasQuantiles(composite) && labelNames.includes('quantile')) failAt(line.line, name, 'no label quantile');
    }
    this.#next.sample(line);
  }

  end(): void {
    this.#next.end();
  }

  #enter(name: string): void {
    if (name === this.#name) return;
    this.#name = name;
    this.#type = 'unknown';
    this.#hasUnit = false;
  }
}

function checkNumber(sample: SampleLine, type: MetricType): void {
  const { line, name, value } = sample;
  switch (type) {
    case 'histogram':
    case 'gaugehistogram':
    case 'summary':
      failAt(line, name, `the value of a ${type} in braces`);
      break;
    case 'counter':
      if (Number.isNaN(value)) failAt(line, `${name} NaN`, 'a number as the value of a counter');
      return;
    case 'info':
      checkInfo(sample);
      return;
    case 'stateset':
      checkState(sample, name);
      return;
    case 'gauge':
    case 'unknown':
      return;
  }
}

function hasQuantiles({ kind, value, loose = [] }: CompositeValue): boolean {
  if (kind !== 'summary') return false;
  if (value !== undefined) return value.quantiles.length > 0;
  for (const { bound } of loose) if (bound !== undefined) return true;
  return false;
}
