import type { DirectCollector } from '../model/collector.ts';
import { printable } from '../model/printable.ts';

const MOST_CHARACTERS = 200;

/** Parts of a schema in messages, unless their names will do. */
const PARTS: Readonly<Record<string, string>> = {
  type: 'a different type',
  help: 'a different help text',
  unit: 'a different unit',
  acrossWorkers: 'a different acrossWorkers',
  constValues: 'different values of constant labels',
};

/** Describes in words how a metric differs from a registered one with its name: empty if they are interchangeable. */
export function differencesOf(existing: DirectCollector, candidate: DirectCollector): string {
  const [before, after] = [partsOf(existing), partsOf(candidate)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const differing = names.filter((name) => before.get(name) !== after.get(name));
  const texts = differing.map(
    (name) => `${PARTS[name] ?? `different ${name}`} (${shown(before, name)}, not ${shown(after, name)})`,
  );
  return texts.length > 1 ? `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}` : (texts[0] ?? '');
}

function shown(parts: ReadonlyMap<string, string>, name: string): string {
  const text = parts.get(name) ?? 'none';
  return printable(text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text);
}

/** The parts as JSON, by name. */
function partsOf(metric: DirectCollector): ReadonlyMap<string, string> {
  const { type, help, unit, acrossWorkers } = metric.descriptor;
  const parts = { type, help, unit, acrossWorkers, labels: metric.seriesLabelNames, ...schemaOf(metric) };
  return new Map(
    Object.entries(parts).flatMap(([name, value]): [string, string][] => {
      const text = JSON.stringify(value);
      return text === undefined || text === '[]' || text === '{}' ? [] : [[name, text]];
    }),
  );
}

/** The other parts of a schema, as the metrics of this package make it. */
function schemaOf({ schema = '' }: DirectCollector): object {
  try {
    const parts: unknown = JSON.parse(schema);
    if (!Array.isArray(parts)) return { schema };
    const [constValues, shape] = parts.slice(2);
    return { constValues, ...shape };
  } catch {
    return { schema };
  }
}
