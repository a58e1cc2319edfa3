import { openMetricsFloat } from '../../model/float-layout.ts';
import type { CompositePart } from '../lines/composite-value.ts';
import type { ExemplarPart, SampleLine } from '../lines/line-handler.ts';

/** The series of a composite value that its point cannot hold, as if each had a line. */
export function* looseLines(line: SampleLine): Iterable<SampleLine> {
  let below: number | undefined;
  for (const part of line.composite?.loose ?? []) {
    const isBucket = part.suffix === '_bucket';
    const exemplars = isBucket ? line.exemplars.filter((exemplar) => isIn(exemplar, below, part)) : [];
    if (isBucket) below = part.bound;
    yield {
      ...withBound(line, part),
      name: line.name + part.suffix,
      value: part.value,
      exemplars,
      composite: undefined,
    };
  }
}

/** The first bucket has no end below, and that up to +Inf has NaN in it. */
function isIn({ value }: ExemplarPart, below: number | undefined, { bound = Number.NaN }: CompositePart): boolean {
  const isAbove = below === undefined || value > below;
  return (value <= bound && isAbove) || (bound === Number.POSITIVE_INFINITY && Number.isNaN(value));
}

function withBound(line: SampleLine, { suffix, bound }: CompositePart): SampleLine {
  if (bound === undefined) return line;
  const name = suffix === '_bucket' ? 'le' : 'quantile';
  const labelNames = [...line.labelNames, name];
  return { ...line, labelNames, labelValues: [...line.labelValues, openMetricsFloat(bound)] };
}
