/**
 * Calls a function of the user's, such as a listener or a logger. What it throws, or what its promise rejects with, goes to
 * `onThrown` and no further.
 */
export function callUserCode(call: () => unknown, onThrown: (thrown: unknown) => void = () => {}): void {
  void contained(call, onThrown);
}

async function contained(call: () => unknown, onThrown: (thrown: unknown) => void): Promise<void> {
  try {
    await call();
  } catch (thrown) {
    onThrown(thrown);
  }
}
