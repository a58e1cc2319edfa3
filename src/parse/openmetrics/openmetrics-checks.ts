import { codePoints, MAX_EXEMPLAR_LENGTH } from '../../model/labels.ts';
import type { SamplePart } from '../../model/sample-names.ts';
import { failAt } from '../input/parse-error.ts';
import type { ExemplarPart, SampleLine } from '../lines/line-handler.ts';

/** Rules for the samples of one label set at one time. */
export interface PointRules {
  /** Throws if the sample breaks a rule, alone or with the previous samples. */
  sample(part: SamplePart, sample: SampleLine): void;
  /** Returns what is missing in the point, or undefined. */
  end(): string | undefined;
}

export function checkExemplar({ line, name, exemplars }: SampleLine, isAllowed: boolean): void {
  if (!isAllowed) failAt(line, name, 'no exemplar, which only _total of counters and buckets have');
  if (exemplars.some((exemplar) => lengthOf(exemplar) > MAX_EXEMPLAR_LENGTH)) {
    failAt(line, name, `an exemplar whose labels have at most ${MAX_EXEMPLAR_LENGTH} characters`);
  }
}

function lengthOf({ labelNames, labelValues }: ExemplarPart): number {
  return [...labelNames, ...labelValues].reduce((length, text) => length + codePoints(text), 0);
}

export function checkCreated(line: number, name: string, value: number): void {
  if (!Number.isFinite(value)) failAt(line, `${name} ${value}`, 'a time in seconds');
}

export function checkCount(line: number, name: string, value: number): void {
  const isCount = value >= 0 && (Number.isInteger(value) || value === Number.POSITIVE_INFINITY);
  if (!isCount) failAt(line, `${name} ${value}`, 'a whole number that is not negative');
}

export function checkInfo({ line, name, value }: SampleLine): void {
  if (value !== 1) failAt(line, `${name} ${value}`, 'the value 1 of an info');
}

export function checkState({ line, name, value, labelNames }: SampleLine, family: string): void {
  if (!labelNames.includes(family)) failAt(line, name, `a label ${family} that names the state`);
  if (value !== 0 && value !== 1) failAt(line, `${name} ${value}`, '0 or 1, the values of a state');
}
