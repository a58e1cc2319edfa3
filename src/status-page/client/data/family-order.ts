import type { Family } from '../../protocol.ts';

export type SortKey = 'name' | 'series' | 'rate';

export interface FamilyQuery {
  readonly search: string;
  readonly sort: SortKey;
  readonly isGrouped: boolean;
}

export interface FamilyGroup {
  /** Common beginning of the names; empty if families are not grouped. */
  readonly prefix: string;
  readonly families: readonly Family[];
}

/** A group with more families than this, and most of all families, is divided by the second word of the names. */
const LARGE_GROUP = 15;

/** Returns the families that match the search, sorted and in groups. */
export function arrangeFamilies(families: Iterable<Family>, { search, sort, isGrouped }: FamilyQuery): FamilyGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [...families].filter((family) => matches(family, words)).sort(ORDERS[sort]);
  if (!isGrouped) return found.length > 0 ? [{ prefix: '', families: found }] : [];
  const groups = groupBy(found, ({ name }) => prefixOf(name, 1));
  return [...groups].flatMap(([prefix, members]) => {
    if (members.length <= LARGE_GROUP || members.length < found.length / 2) return [{ prefix, families: members }];
    return [...groupBy(members, ({ name }) => prefixOf(name, 2))].map(([longer, some]) => ({
      prefix: longer,
      families: some,
    }));
  });
}

const ORDERS: Readonly<Record<SortKey, (a: Family, b: Family) => number>> = {
  name: byName,
  series: (a, b) => b.values.series - a.values.series || byName(a, b),
  rate: (a, b) => (b.values.rate ?? -1) - (a.values.rate ?? -1) || byName(a, b),
};

function byName(a: Family, b: Family): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Each word must be in the name, the help, the type, the unit or the name of a label. */
function matches({ name, help, type, unit = '', labels }: Family, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = [name, help, type, unit, ...labels].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

function prefixOf(name: string, words: number): string {
  return name.split(/[_:.]/).slice(0, words).join('_');
}

function groupBy(families: readonly Family[], keyOf: (family: Family) => string): Map<string, Family[]> {
  const groups = new Map<string, Family[]>();
  for (const family of families) {
    const key = keyOf(family);
    const group = groups.get(key);
    if (group) group.push(family);
    else groups.set(key, [family]);
  }
  return groups;
}
