/** Maximum number of series of a family that are kept for workers that have ended. */
export const MAX_ENDED_SERIES = 10_000;

/** Returns the error for a family with more series. */
export function overflowError(name: string): Error {
  return new Error(
    `${name}: at most ${MAX_ENDED_SERIES} series of workers that have ended are kept, so others are lost; use fewer label values.`,
  );
}
