import { digest } from './digest.ts';
import { exercise } from './exercise.ts';
import type { Format } from './library.ts';
import type { Case, SetUp, Work } from './question.ts';

const WARM_UP_MS = 250;
/** Minimum number of calls before measuring, however long they take, because engines optimize frequent calls. */
const WARM_UP_CALLS = 12;
/** Maximum time for those calls. */
const WARM_UP_AT_MOST_MS = 1500;
/** Many short batches: noise can only lengthen them. */
const BATCH_MS = 5;
const BATCHES = 50;
const AT_MOST_MS = 1500;

interface Timed {
  /** Units of work per call; times are per unit. */
  readonly units?: number;
  readonly format?: Format;
  readonly rounds?: number;
}

/** Creates a case that measures the time per unit of work: the minimum of several batches after a warm-up. */
export function timed(name: string, setUp: SetUp, { units = 1, format = 'text', rounds }: Timed = {}): Case {
  return {
    name,
    ...(rounds === undefined ? {} : { rounds }),
    async measure(library) {
      const client = await library.open(format);
      const work = client && (await setUp(client));
      if (work === undefined) return undefined;
      await exercise(library);
      await work();
      const made = format === 'text' ? digest(await client?.expose?.()) : undefined;
      return { figures: { ns: ((await bestOf(work)) * 1e6) / units }, made };
    },
  };
}

/** Returns the minimum time of several batches in milliseconds per call, after a warm-up. */
export async function bestOf(work: Work): Promise<number> {
  await warmUp(work);
  let best = Number.POSITIVE_INFINITY;
  const began = performance.now();
  globalThis.gc?.();
  for (let index = 0; index < BATCHES && (index === 0 || performance.now() - began < AT_MOST_MS); index++) {
    best = Math.min(best, await batch(work));
  }
  return best;
}

async function warmUp(work: Work): Promise<void> {
  const began = performance.now();
  const elapsed = () => performance.now() - began;
  for (let calls = 0; elapsed() < WARM_UP_MS || (calls < WARM_UP_CALLS && elapsed() < WARM_UP_AT_MOST_MS); calls++) {
    await batch(work, 0);
  }
}

/** Returns milliseconds per call, measured over several calls. */
async function batch(work: Work, milliseconds = BATCH_MS): Promise<number> {
  const began = performance.now();
  let calls = 0;
  let consumed: unknown;
  do {
    const result = work();
    consumed = result instanceof Promise ? await result : result;
    calls++;
  } while (performance.now() - began < milliseconds);
  const elapsed = performance.now() - began;
  if (consumed === undefined) throw new Error('A case must return the result of its work.');
  return elapsed / calls;
}
