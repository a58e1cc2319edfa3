import type { MetricType } from '../../model/family.ts';
import { isHistogram, type SamplePart } from '../../model/sample-names.ts';
import { failAt } from '../input/parse-error.ts';
import type { SampleLine } from '../lines/line-handler.ts';
import { parseNumber } from '../lines/number.ts';
import {
  checkCount,
  checkCreated,
  checkExemplar,
  checkInfo,
  checkState,
  type PointRules,
} from './openmetrics-checks.ts';
import { HistogramRules } from './openmetrics-histogram-rules.ts';

type SampleRule = (part: SamplePart, sample: SampleLine) => void;

/** Returns the rules for the next point of a family; `last`, those of the previous point, are reused if they are stateless. */
export function pointRulesOf(type: MetricType, family: string, isVersion2: boolean, last?: PointRules): PointRules {
  if (isHistogram(type) && !isVersion2) return new HistogramRules(type);
  if (last !== undefined) return last;
  return { sample: isVersion2 ? rulesOfVersion2(type, family) : rulesOf(type, family), end: () => undefined };
}

function rulesOf(type: MetricType, family: string): SampleRule {
  return (part, sample) => {
    if (sample.exemplars.length > 0) checkExemplar(sample, type === 'counter' && part === 'value');
    switch (type) {
      case 'counter':
        return checkCounter(part, sample);
      case 'summary':
        return checkSummary(part, sample);
      case 'info':
        return checkInfo(sample);
      case 'stateset':
        return checkState(sample, family);
    }
  };
}

/** In OpenMetrics 2.0, distributions are complete values, which are checked when they are read. */
function rulesOfVersion2(type: MetricType, family: string): SampleRule {
  return (part, sample) => {
    checkKind(type, sample);
    if (type === 'counter') checkCounter(part, sample);
    if (type === 'info') checkInfo(sample);
    if (type === 'stateset') checkState(sample, family);
  };
}

function checkKind(type: MetricType, { line, name, composite, startTimestamp }: SampleLine): void {
  if (isHistogram(type) || type === 'summary') {
    if (composite?.kind !== type) failAt(line, name, `the value of a ${type}`);
  } else if (composite !== undefined && type !== 'unknown') {
    failAt(line, name, 'a number');
  }
  if (type === 'gaugehistogram' && startTimestamp !== undefined) failAt(line, name, 'no start timestamp');
}

function checkCounter(part: SamplePart, { line, name, value }: SampleLine): void {
  if (part === 'created') checkCreated(line, name, value);
  else if (!(value >= 0)) failAt(line, `${name} ${value}`, 'a value that is neither negative nor NaN');
}

function checkSummary(part: SamplePart, sample: SampleLine): void {
  const { line, name, value, labelNames, labelValues } = sample;
  const text = labelValues[labelNames.indexOf('quantile')];
  if (part === 'quantile') {
    const quantile = parseNumber(text ?? '');
    if (quantile === undefined || !(quantile >= 0 && quantile <= 1)) {
      failAt(line, name, 'a label quantile between 0 and 1');
    }
    if (value < 0) failAt(line, `${name} ${value}`, 'a value that is not negative');
    return;
  }
  if (text !== undefined) failAt(line, name, 'no label quantile here');
  if (part === 'created') checkCreated(line, name, value);
  else if (part === 'count') checkCount(line, name, value);
  else if (!(value >= 0)) failAt(line, `${name} ${value}`, 'a sum that is neither negative nor NaN');
}
