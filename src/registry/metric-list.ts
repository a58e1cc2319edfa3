import type { DirectCollector } from '../model/collector.ts';
import { isSameFamily } from './admission.ts';
import { Claims, reservedNames } from './claims.ts';

/** The metrics of a registry: each name once, or more than once with constant labels that tell them apart. */
export class MetricList {
  readonly claims = new Claims();
  readonly #byName = new Map<string, readonly DirectCollector[]>();

  /** All of them, those of one name one after another. */
  get all(): readonly DirectCollector[] {
    return [...this.#byName.values()].flat();
  }

  named(name: string): readonly DirectCollector[] {
    return this.#byName.get(name) ?? [];
  }

  has(metric: DirectCollector): boolean {
    return this.named(metric.descriptor.name).includes(metric);
  }

  /** Throws an Error where it cannot stand beside the others. */
  add(metric: DirectCollector): void {
    const { descriptor } = metric;
    const namesakes = this.named(descriptor.name);
    for (const namesake of namesakes) checkApart(metric, namesake);
    if (namesakes.length === 0) this.claims.claim(descriptor, reservedNames(descriptor));
    this.#byName.set(descriptor.name, [...namesakes, metric]);
  }

  /** Takes a metric out, and its names with the last that has them; whether it was there. */
  delete(metric: DirectCollector): boolean {
    if (!this.has(metric)) return false;
    const { descriptor } = metric;
    const others = this.named(descriptor.name).filter((other) => other !== metric);
    if (others.length > 0) {
      this.#byName.set(descriptor.name, others);
    } else {
      this.#byName.delete(descriptor.name);
      this.claims.release(descriptor);
    }
    return true;
  }
}

/** Throws an Error where two metrics of one name might show the same series, or do not show one family. */
function checkApart({ descriptor, constLabels = {} }: DirectCollector, namesake: DirectCollector): void {
  const { name } = descriptor;
  const others = namesake.constLabels ?? {};
  const isApart = Object.keys(constLabels).some(
    (label) => Object.hasOwn(others, label) && String(others[label]) !== String(constLabels[label]),
  );
  if (!isApart) {
    throw new Error(
      `A metric named ${name} is already registered. Use that one, or registry.unregister('${name}') first.`,
    );
  }
  if (!isSameFamily(descriptor, namesake.descriptor)) {
    throw new Error(`A metric named ${name} is already registered, and differs in type, help or unit.`);
  }
}
