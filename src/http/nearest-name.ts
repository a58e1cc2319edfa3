/** How many characters a name may be off for it to be taken for a slip of the hand. */
const LARGEST_SLIP = 5;
const LONGEST_NAME = 100;

/** The known name that looks most like one that is unknown; undefined if none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const nearest = known
    .map((candidate) => ({ candidate, distance: editDistance(name.slice(0, LONGEST_NAME), candidate) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return nearest !== undefined && nearest.distance <= LARGEST_SLIP ? nearest.candidate : undefined;
}

/** How many characters to add, drop or change to get from one text to the other (Levenshtein). */
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
