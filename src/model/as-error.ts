/** What was thrown, as an Error: anything can be thrown, even what has no text. */
export function asError(thrown: unknown): Error {
  try {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  } catch {
    return new Error('Something was thrown that is no error and has no text.');
  }
}
