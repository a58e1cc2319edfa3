import type { DirectCollector } from '../../model/collector.ts';
import { type Encoder, encodeFamily } from '../../model/encoder.ts';
import type { Descriptor, MetricFamily, Point } from '../../model/family.ts';
import { MappingEncoder } from '../../model/mapping-encoder.ts';

/** A family of a collector as one row of a metric, to be merged with those of other workers. */
export class PlainFamily implements DirectCollector {
  readonly descriptor: Descriptor;
  readonly rowCount = 1;
  readonly isEmpty = false;
  readonly #family: MetricFamily;

  constructor(family: MetricFamily) {
    const { name, help, type, unit, acrossWorkers } = family;
    this.descriptor = { name, help, type, unit, acrossWorkers };
    this.#family = family;
  }

  encode(encoder: Encoder, from: number, to: number): void {
    if (from < to) encodeFamily(this.#family, new PointsOnly(encoder));
  }

  pin(): void {}

  unpin(): void {}
}

/** The caller has opened the family. */
class PointsOnly extends MappingEncoder {
  override family(): void {}

  protected override map(point: Point): Point {
    return point;
  }
}
