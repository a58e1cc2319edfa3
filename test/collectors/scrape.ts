import type { Registry } from '../../src/index.ts';

/** One scrape, as the values of its series. */
export async function valuesOf(registry: Registry): Promise<ReadonlyMap<string, number>> {
  const lines = (await registry.expose()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1).replace('+Inf', 'Infinity'))];
    }),
  );
}

/** The names of the families in a scrape. */
export async function namesOf(registry: Registry): Promise<string[]> {
  return [...(await registry.expose()).matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
}
