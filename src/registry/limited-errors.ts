/** More than that are only counted. */
const MOST_PROBLEMS = 10;

/** What was wrong with one collector: a collector with a thousand bad points should not fill a log. */
export class Problems {
  readonly #problems: Error[] = [];
  #more = 0;

  constructor(problems: readonly Error[]) {
    for (const problem of problems) this.add(problem);
  }

  add(problem: Error): void {
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push(problem);
    else this.#more++;
  }

  get list(): readonly Error[] {
    if (this.#more === 0) return this.#problems;
    return [...this.#problems, new Error(`There were ${this.#more} more problems like these.`)];
  }
}
