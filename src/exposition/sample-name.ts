import type { Fragment } from '../model/labels.ts';
import { isLegacyMetricName } from '../model/naming.ts';
import type { FragmentPool } from './fragment.ts';
import { labelNameToken, metricNameToken } from './quoting.ts';

/** A name that samples have, and all that is constant on their lines before each label's value. */
export class SampleName {
  /** `name `: the beginning of a line without labels. */
  readonly alone: Fragment;
  /** `name{` or, where the name needs quotes, `{"name",`. */
  readonly open: Fragment;
  /** For each label `a="`, the first with `open` before it, the others with `",` that ends the label before. */
  opens: readonly Fragment[] = [];
  readonly #open: string;
  readonly #pool: FragmentPool;
  #names: readonly string[] | undefined;

  constructor(name: string, pool: FragmentPool) {
    const token = metricNameToken(name);
    const isBare = isLegacyMetricName(name);
    this.#open = isBare ? `${token}{` : `{${token},`;
    this.#pool = pool;
    this.alone = pool.of(isBare ? `${token} ` : `{${token}} `);
    this.open = pool.of(this.#open);
  }

  /** Makes `opens` for these label names. Metrics pass the same array for all their series. */
  useLabels(names: readonly string[]): void {
    if (names === this.#names) return;
    this.#names = names;
    this.opens = names.map((name, index) =>
      this.#pool.of(`${index === 0 ? this.#open : '",'}${labelNameToken(name)}="`),
    );
  }
}
