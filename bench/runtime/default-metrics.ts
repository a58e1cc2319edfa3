import { answerOf } from './program.ts';

/** Time for V8 to finish its work after the start, which is not measured: up to Node.js 20, it collects garbage 8 and 17 s after it. */
const SETTLE_MS = 20_000;
const SCRAPES = 100;
const BATCHES = 10;
/** Processes of each program; the minimum is the least disturbed. */
const PROCESSES = 3;

/** Each program defines `scrape()`. */
const ours = (groups: string) => `
  const { Registry } = await load('zeroprom');
  const { collectDefaults } = await load('zeroprom/collectors');
  const registry = new Registry();
  collectDefaults({ registry, groups: ${groups} });
  const scrape = () => registry.expose();`;
const theirs = (name: string) => `
  const client = await load('${name}');
  client.collectDefaultMetrics();
  const scrape = () => client.register.metrics();`;

const libraries: Readonly<Record<string, string>> = {
  zeroprom: ours('{}'),
  'zeroprom without eventLoopDelay': ours('{ eventLoopDelay: false }'),
  'prom-client': theirs('prom-client'),
  '@prometheus-io/client': theirs('@prometheus-io/client'),
};

export interface DefaultMetricsOptions {
  readonly node: string;
  /** Seconds for which an idle process is measured. */
  readonly seconds: number;
}

/** Share of a core that each idle program uses; all run concurrently. */
export async function atRest({ node, seconds }: DefaultMetricsOptions): Promise<void> {
  console.log(`\nShare of a core at rest, over ${seconds} s: least and most of ${PROCESSES} processes each`);
  const all = Object.entries({ none: '', ...libraries });
  const shares = await Promise.all(
    all.map(([, code]) => Promise.all(Array.from({ length: PROCESSES }, () => answerOf(resting(code, seconds), node)))),
  );
  for (const [index, [name]] of all.entries()) {
    const [least, most] = [Math.min(...shares[index]!), Math.max(...shares[index]!)];
    console.log(`  ${name.padEnd(34)} ${percent(least)} to ${percent(most)}`);
  }
}

/** CPU time of a scrape as a string; the minimum of several batches. Programs take turns. */
export async function ofScrapes({ node }: DefaultMetricsOptions): Promise<void> {
  console.log('\nA scrape of the default metrics, CPU time: least of 3 processes each');
  const found = new Map<string, number>();
  for (let round = 0; round < PROCESSES; round++) {
    for (const [name, code] of Object.entries(libraries)) {
      found.set(name, Math.min(found.get(name) ?? Number.POSITIVE_INFINITY, await answerOf(scraping(code), node)));
    }
  }
  for (const [name, microseconds] of found)
    console.log(`  ${name.padEnd(34)} ${microseconds.toFixed(0).padStart(6)} us`);
}

function resting(code: string, seconds: number): string {
  return `${code}
    setInterval(() => {}, 2 ** 30);
    setTimeout(() => {
      const [began, before] = [performance.now(), cpuMicroseconds()];
      setTimeout(() => {
        answer((cpuMicroseconds() - before) / (performance.now() - began) / 1000);
      }, ${seconds * 1000});
    }, ${SETTLE_MS});`;
}

function scraping(code: string): string {
  return `${code}
    let best = Infinity;
    for (let batch = 0; batch < ${BATCHES}; batch++) {
      const before = cpuMicroseconds();
      for (let index = 0; index < ${SCRAPES}; index++) await scrape();
      best = Math.min(best, (cpuMicroseconds() - before) / ${SCRAPES});
    }
    answer(best);`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)} %`;
}
