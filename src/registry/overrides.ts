import type { Descriptor } from '../model/family.ts';
import type { Logger } from '../model/logger.ts';
import { printable } from '../model/printable.ts';
import { thrownText } from '../model/thrown.ts';
import type { MetricOverride, OverrideFile } from './override-file.ts';

/** The overrides of a process, and what is known about their use. */
export class Overrides {
  /** Receives warnings; by default, they are warnings of the process. */
  logger: Pick<Logger, 'warn'> | undefined = undefined;
  readonly file: OverrideFile;
  readonly #byName: ReadonlyMap<string, MetricOverride>;
  readonly #isFollower: boolean;
  readonly #seen = new Set<string>();
  readonly #shaped = new Set<string>();
  readonly #reported = new Set<string>();
  #gatherings = 0;
  #hasGathered = false;

  /** @param isFollower whether another thread creates the metrics. */
  constructor(file: OverrideFile, isFollower = false) {
    this.file = file;
    this.#byName = new Map(file.metrics.map((override) => [override.name, override]));
    this.#isFollower = isFollower;
  }

  /** The override that shapes a metric about to be created: buckets and the limit of series. */
  shapeOf(name: string): Pick<MetricOverride, 'buckets' | 'native' | 'maxSeries'> | undefined {
    const override = this.#isFollower ? undefined : this.#byName.get(name);
    if (override !== undefined) this.#shaped.add(name);
    return override;
  }

  /** The override of a family that is about to be exposed. */
  of({ name, type }: Descriptor): MetricOverride | undefined {
    const override = this.#byName.get(name);
    if (override === undefined) return undefined;
    this.#seen.add(name);
    this.#checkShape(override, type);
    return override;
  }

  /** Reports once that an override cannot be applied. The family is exposed as the program defines it. */
  reject(name: string, reason: unknown): void {
    this.#warn(`${name}: ${thrownText(reason)} It is exposed without its override.`, this.#byName.get(name));
  }

  /**
   * Call it when a gathering begins. Returns a function to call when it ends. Names that no registry had are reported when
   * the first gatherings of everything, which may be of several registries, have ended.
   */
  began(isComplete: boolean): () => void {
    this.#gatherings++;
    return () => {
      this.#gatherings--;
      this.#hasGathered ||= isComplete;
      if (this.#gatherings > 0 || !this.#hasGathered) return;
      const unknown = this.file.metrics.filter(({ name }) => !this.#seen.has(name));
      for (const override of unknown) this.#warn(`no metric ${override.name} has been found.`, override);
    };
  }

  #checkShape(override: MetricOverride, type: string): void {
    const { name, buckets, native, maxSeries } = override;
    const hasBuckets = buckets !== undefined || native !== undefined;
    if (hasBuckets && type !== 'histogram') this.#warn(`${name} is a ${type} and has no buckets.`, override);
    else if ((hasBuckets || maxSeries !== undefined) && !this.#isFollower && !this.#shaped.has(name)) {
      this.#warn(`${name} comes from a collector, so its buckets and number of series cannot be changed.`, override);
    }
  }

  #warn(reason: string, override: MetricOverride | undefined): void {
    if (override === undefined || this.#reported.has(override.name)) return;
    this.#reported.add(override.name);
    const message = `${this.file.path}: line ${override.line}: ${printable(reason)}`;
    if (this.logger === undefined) process.emitWarning(message, { type: 'ZeropromWarning', code: 'OVERRIDES' });
    else this.logger.warn(message);
  }
}
