import type { OptionNames } from '../model/option-names.ts';

/** Options of a `Registry`. */
export interface RegistryOptions {
  /**
   * Whether scrapes include metrics about the registry's collectors and metrics, `zeroprom_collector_success` and
   * others.
   *
   * @defaultValue `true`
   */
  readonly selfMetrics?: boolean;
  /**
   * Maximum number of points and families that one collector may return per scrape. A collector that returns more
   * fails.
   *
   * @defaultValue `100_000`
   */
  readonly maxPoints?: number;
}

export const REGISTRY_OPTIONS: OptionNames<RegistryOptions> = {
  selfMetrics: true,
  maxPoints: true,
};

/** Options of `Registry.getOrCreate()` for a metric that is registered already. */
export interface ReuseOptions {
  /**
   * Whether a metric with the name that differs is unregistered, with its values, and a new one takes its place. Use it
   * for code that is edited while it runs.
   *
   * @defaultValue `false`: it throws
   */
  readonly replace?: boolean;
}

export const REUSE_OPTIONS: OptionNames<ReuseOptions> = { replace: true };
