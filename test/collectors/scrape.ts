import type { Registry } from '../../src/index.ts';

/** Scrapes a registry and returns the values by series. */
export async function valuesOf(registry: Registry): Promise<ReadonlyMap<string, number>> {
  const lines = (await registry.expose()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1).replace('+Inf', 'Infinity'))];
    }),
  );
}

/** Scrapes a registry and returns the names of its families. */
export async function namesOf(registry: Registry): Promise<string[]> {
  return [...(await registry.expose()).matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
}
