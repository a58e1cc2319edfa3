import { combinationsOf } from './label-values.ts';
import type { Library } from './library.ts';

/**
 * Some traffic on other metrics of all types, with and without labels, and some scrapes of them. An application never
 * has only one metric, so the engine must not optimize for that.
 */
export async function exercise(library: Library): Promise<void> {
  const client = await library.open('text');
  const options = (name: string, labelNames: readonly string[]) => ({ name, help: 'Help.', labelNames });
  for (const width of [0, 1, 2, 3, 6]) {
    const combinations = combinationsOf(width, 100);
    const labelNames = Object.keys(combinations[0] ?? {});
    const upperBounds = [0.1, 1, 10].slice(0, 1 + (width % 3));
    const counter = client?.counter?.(options(`exercise_${width}_total`, labelNames));
    const gauge = client?.gauge?.(options(`exercise_${width}`, labelNames));
    const histogram = client?.histogram?.({ ...options(`exercise_${width}_seconds`, labelNames), upperBounds });
    const summary = client?.summary?.({ ...options(`exercise_${width}_bytes`, labelNames), quantiles: [0.5] });
    for (let index = 0; index < 1000; index++) {
      const labels = combinations[index % 100];
      const value = index / 8;
      if (labels === undefined) {
        counter?.inc();
        gauge?.set(value);
        histogram?.observe(value);
        summary?.observe(value);
      } else {
        counter?.inc(labels, index % 3);
        gauge?.set(labels, value);
        histogram?.observe(labels, value);
        summary?.observe(labels, value);
        counter?.labels?.(labels).inc();
      }
    }
  }
  for (let scrape = 0; scrape < 5; scrape++) await client?.expose?.();
}
