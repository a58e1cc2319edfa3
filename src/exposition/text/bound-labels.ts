import type { Fragment, FragmentPool } from '../bytes/fragment.ts';

/** The last label of bucket and quantile lines, encoded once as long as the same numbers come in the same places. */
export class BoundLabels {
  readonly #name: string;
  readonly #layout: (value: number) => string;
  readonly #pool: FragmentPool;
  readonly #bounds: number[] = [];
  readonly #fragments: Fragment[] = [];

  /** `name` is `le` or `quantile`; `layout` says how the format writes such numbers. */
  constructor(name: string, layout: (value: number) => string, pool: FragmentPool) {
    this.#name = name;
    this.#layout = layout;
    this.#pool = pool;
  }

  /** `le="0.1"} ` for the bound with that number in the histogram. */
  at(index: number, bound: number): Fragment {
    if (this.#bounds[index] !== bound) {
      this.#bounds[index] = bound;
      this.#fragments[index] = this.#pool.of(`${this.#name}="${this.#layout(bound)}"} `);
    }
    return this.#fragments[index]!;
  }
}
