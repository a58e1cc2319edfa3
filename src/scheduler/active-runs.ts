import type { Run } from './run.ts';
import type { RunStart } from './run-result.ts';

/** The runs of a scheduler that have a slot, and which of their functions is on the stack. */
export class ActiveRuns {
  readonly #runs = new Set<Run>();
  /** Called with each run that gives up its slot. */
  onLeave: (run: Run) => void = () => {};
  #calling: Run | undefined;

  /** The run that the current code was called by, before its first `await`. */
  get calling(): Run | undefined {
    return this.#calling;
  }

  add(run: Run): void {
    this.#runs.add(run);
  }

  delete(run: Run): void {
    this.#runs.delete(run);
    this.onLeave(run);
  }

  /** The active run whose function was given this. */
  find(start: RunStart): Run | undefined {
    return this.list().find((run) => run.start === start);
  }

  list(): Run[] {
    return [...this.#runs];
  }

  /** Calls a run's function; the functions of other runs may be on the stack below it. */
  call<T>(run: Run, fn: () => T): T {
    const below = this.#calling;
    this.#calling = run;
    try {
      return fn();
    } finally {
      this.#calling = below;
    }
  }
}
