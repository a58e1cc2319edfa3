/** The longest that work keeps others waiting. */
const STEP_MS = 4;

/** Long work in steps: after each, others get their turn if it is due. */
export class Pauses {
  #began = performance.now();

  get isDue(): boolean {
    return performance.now() - this.#began >= STEP_MS;
  }

  async pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#began = performance.now();
  }
}
