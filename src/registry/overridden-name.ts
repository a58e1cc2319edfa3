import type { Descriptor } from '../model/family.ts';
import type { MetricOverride } from './override-file.ts';
import { PrefixAndLabels } from './prefixed-collectors.ts';

/** The name and the labels that a family gets. */
export class OverriddenName extends PrefixAndLabels {
  readonly #rename: string | undefined;

  private constructor({ rename, labels }: MetricOverride) {
    super('', labels);
    this.#rename = rename;
  }

  /** Returns that of an override; undefined if it changes neither the name nor the labels. */
  static of(override: MetricOverride): OverriddenName | undefined {
    const isChange = override.rename !== undefined || Object.keys(override.labels).length > 0;
    return isChange ? new OverriddenName(override) : undefined;
  }

  override around(descriptor: Descriptor, others: readonly string[]): Descriptor {
    const name = this.#rename ?? descriptor.name;
    // The name of a family with a unit ends in the unit.
    const { unit, ...rest } = descriptor;
    const hasUnit = unit !== undefined && name.replace(/_total$/, '').endsWith(`_${unit}`);
    return super.around({ ...rest, name, unit: hasUnit ? unit : undefined }, others);
  }
}
