import type { SampleLine } from '../lines/line-handler.ts';
import { draftPoint, type LooseLine, type PointDraft, type PointList } from './points.ts';
import { KeyMaker } from './series-index.ts';
import type { FamilyLabels } from './shared-labels.ts';

interface CreatedLine {
  readonly point: PointDraft<number>;
  isUsed: boolean;
}

/** The `_created` lines of counters by series. They may come before or after the values that they belong to. */
export class CreatedLines {
  readonly #labels: FamilyLabels;
  readonly #keys = new KeyMaker();
  readonly #lines = new Map<string, CreatedLine>();

  constructor(labels: FamilyLabels) {
    this.#labels = labels;
  }

  /** Returns false if the series already has such a line. */
  add(sample: SampleLine): boolean {
    const key = this.#keys.keyOf(sample.labelNames, sample.labelValues, sample.timestamp);
    if (this.#lines.has(key)) return false;
    this.#lines.set(key, { point: draftPoint(sample, sample.value, this.#labels), isUsed: false });
    return true;
  }

  /** Returns the points with their start times. */
  start(points: PointList<unknown>): PointList<unknown> {
    return points.map((point) => {
      const values = Object.values(point.labels).map(String);
      const line = this.#lines.get(this.#keys.keyOf(Object.keys(point.labels), values, point.timestamp));
      if (line !== undefined) {
        line.isUsed = true;
        point.startTimestamp = line.point.value;
      }
      return point;
    });
  }

  /** Yields the lines whose series has no value. */
  *unused(): Iterable<LooseLine> {
    for (const { point, isUsed } of this.#lines.values()) if (!isUsed) yield { suffix: '_created', point };
  }
}
