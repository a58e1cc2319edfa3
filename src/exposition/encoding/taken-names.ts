/** Names of which each may be used once in an exposition. */
export class TakenNames {
  readonly #names = new Set<string>();

  /** Takes all of them, or none and gives the first that is taken already. */
  take(names: readonly string[]): string | undefined {
    const taken = names.find((name) => this.#names.has(name));
    if (taken === undefined) for (const name of names) this.#names.add(name);
    return taken;
  }
}
