/** Rounds of chaos tests: a few, or as many as fit into the minutes of `npm run test:chaos -- MINUTES`. */
const minutes = Number(process.env['CHAOS_MINUTES'] ?? 0);

/** Seed of the faults. */
export const chaosSeed = Number(process.env['CHAOS_SEED'] ?? 7);

export function* chaosRounds(atLeast: number): Generator<number, void, void> {
  const end = performance.now() + minutes * 60_000;
  for (let round = 0; round < atLeast || performance.now() < end; round++) yield round;
}
