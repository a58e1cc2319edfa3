/** Parses the value of a switch. */
export function parseSwitch(text: string): boolean {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new RangeError(`must be true or false, got ${JSON.stringify(text)}.`);
}

/** Returns a parser that accepts only the given words. */
export function oneOf<const T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice === undefined)
      throw new RangeError(`must be one of ${choices.join(', ')}, got ${JSON.stringify(text)}.`);
    return choice;
  };
}

/** Returns a parser for whole numbers of at most nine digits, from `least` on. */
export function countFrom(least: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
    throw new RangeError(`must be a whole number of at least ${least}, got ${JSON.stringify(text)}.`);
  };
}
