/** Returns integers below `limit`, the same ones for the same seed (mulberry32). */
export type Random = (limit: number) => number;

export function generator(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

export function pick<T>(random: Random, values: readonly T[]): T {
  return values[random(values.length)]!; // The index is below the length.
}
