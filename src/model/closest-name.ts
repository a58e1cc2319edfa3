/** Maximum number of characters in which a name may differ from the one that was probably meant. */
const MAX_DISTANCE = 5;

/** Returns the known name that was probably meant, undefined if none is similar. */
export function closestName(
  name: string,
  known: readonly string[],
  maxDistance: number = MAX_DISTANCE,
): string | undefined {
  const [first] = known
    .map((candidate) => ({ candidate, distance: editDistance(name.slice(0, 100), candidate) }))
    .sort((a, b) => a.distance - b.distance);
  return first !== undefined && first.distance <= maxDistance ? first.candidate : undefined;
}

/** Counts the characters to add, drop or change to get from one text to the other (Levenshtein distance). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, character] of [...a].entries()) {
    const current = [row + 1];
    for (let column = 1; column <= b.length; column++) {
      const substituted = (previous[column - 1] ?? 0) + (b[column - 1] === character ? 0 : 1);
      current[column] = Math.min(substituted, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
