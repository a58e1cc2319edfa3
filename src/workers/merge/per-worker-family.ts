import type { DirectCollector } from '../../model/collector.ts';
import type { Encoder } from '../../model/encoder.ts';
import type { Descriptor } from '../../model/family.ts';
import { PrefixAndLabels, PrefixedMetric } from '../../registry/prefixed-collectors.ts';

interface Part {
  readonly metric: DirectCollector;
  readonly rows: number;
}

/** A family of which each worker's series are shown with a label that tells the workers apart. */
export class PerWorkerFamily implements DirectCollector {
  readonly descriptor: Descriptor;
  readonly #label: string;
  readonly #parts: Part[] = [];

  /** `label` is the name of the label. */
  constructor(descriptor: Descriptor, label: string) {
    this.descriptor = descriptor;
    this.#label = label;
  }

  get rowCount(): number {
    return this.#parts.reduce((sum, { rows }) => sum + rows, 0);
  }

  get isEmpty(): boolean {
    return this.#parts.every(({ metric }) => metric.isEmpty);
  }

  /** Adds a worker's metric. Throws an Error if its series have the label already. */
  add(metric: DirectCollector, worker: number): void {
    const labels = new PrefixAndLabels('', { [this.#label]: worker });
    this.#parts.push({ metric: new PrefixedMetric(metric, labels), rows: metric.rowCount });
  }

  encode(encoder: Encoder, from: number, to: number): void {
    let start = 0;
    for (const { metric, rows } of this.#parts) {
      const first = Math.max(from - start, 0);
      const end = Math.min(to - start, rows);
      if (first < end) metric.encode(encoder, first, end);
      start += rows;
    }
  }

  pin(): void {
    for (const { metric } of this.#parts) metric.pin();
  }

  unpin(): void {
    for (const { metric } of this.#parts) metric.unpin();
  }
}
