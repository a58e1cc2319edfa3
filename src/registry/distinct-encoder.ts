import type { Point } from '../model/family.ts';
import { labelKey } from '../model/label-key.ts';
import { MappingEncoder } from '../model/mapping-encoder.ts';

/** Passes on the points of one family, which is open already, each series once: the first that comes. */
export class DistinctEncoder extends MappingEncoder {
  readonly #seen = new Set<string>();

  override family(): void {}

  protected override map(point: Point): Point | undefined {
    const key = labelKey(point.labels);
    if (this.#seen.has(key)) return undefined;
    this.#seen.add(key);
    return point;
  }
}
