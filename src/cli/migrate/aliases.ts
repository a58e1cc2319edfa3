import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Edit, type Manifest, objectIn, textIn } from './manifest.ts';

/** A package that zeroprom replaces, with what to write for it in package.json. */
export interface Alias {
  readonly name: string;
  readonly specifier: string;
  /** The version whose API the alias has. */
  readonly apiVersion: string;
}

export const aliases: readonly Alias[] = [
  { name: 'prom-client', specifier: 'npm:zeroprom-prom-client@^15', apiVersion: '15' },
  { name: '@prometheus-io/client', specifier: 'npm:zeroprom-prometheus-io-client@^0.16', apiVersion: '0.16' },
];

/** Comparators in a range of versions. */
const COMPARATOR = /(>=|<=|>|<|\^|~|=)?\s*v?(\d+)(\.\S+)?/g;
const SECTIONS = ['dependencies', 'devDependencies', 'optionalDependencies'];

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** Path in package.json of the overrides of each package manager. */
const OVERRIDES: Readonly<Record<PackageManager, readonly string[]>> = {
  npm: ['overrides'],
  bun: ['overrides'],
  pnpm: ['pnpm', 'overrides'],
  yarn: ['resolutions'],
};

const LOCK_FILES: readonly (readonly [name: string, manager: PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/** Returns the package manager that the field `packageManager` names, or else that of the lock file. */
export function packageManagerOf(root: string, { json }: Manifest): PackageManager {
  const named = textIn(json, 'packageManager')?.split('@')[0];
  if (named === 'npm' || named === 'pnpm' || named === 'yarn' || named === 'bun') return named;
  return LOCK_FILES.find(([name]) => existsSync(join(root, name)))?.[1] ?? 'npm';
}

/** Returns the range that the project itself declares. */
export function declaredRange({ json }: Manifest, name: string): string | undefined {
  return SECTIONS.map((section) => textIn(objectIn(json, section), name)).find((range) => range !== undefined);
}

/** Returns the changes of package.json for the alias: the own dependency, and the override for all other packages. */
export function aliasEdits({ json }: Manifest, { name, specifier }: Alias, manager: PackageManager): Edit[] {
  const own = SECTIONS.flatMap((section) => {
    const before = textIn(objectIn(json, section), name);
    return before === undefined ? [] : [{ path: [section, name], before, after: specifier }];
  });
  const path = OVERRIDES[manager];
  const overrides = path.reduce(objectIn, json);
  // npm rejects an override that differs from the project's own dependency; `$` refers to that.
  const after = own.length > 0 && manager === 'npm' ? `$${name}` : specifier;
  const override = { path: [...path, name], before: textIn(overrides, name), after };
  return [...own, override].filter(({ before, after }) => before !== after);
}

/** Whether a range includes versions with the same major number as the API. Specifiers other than ranges count as if they did. */
export function allowsApi(range: string, { apiVersion }: Alias): boolean {
  const major = Number.parseInt(apiVersion, 10);
  if (!/^[\s\dv.^~<>=|x*-]*$/.test(range)) return true;
  return range.split('||').some((part) => {
    const [least, most] = majorsOf(part.replace(/^(.*\S)\s+-\s+(.*)$/, '>=$1 <=$2'));
    return least <= major && major <= most;
  });
}

/** Returns the lowest and the highest major version that satisfy all comparators. */
function majorsOf(comparators: string): [least: number, most: number] {
  let least = 0;
  let most = Number.POSITIVE_INFINITY;
  for (const [, sign = '=', digits = '', rest = ''] of comparators.matchAll(COMPARATOR)) {
    const major = Number(digits);
    if (!sign.startsWith('<')) least = Math.max(least, major);
    if (sign === '<' && /^[.0x*]*$/.test(rest)) most = Math.min(most, major - 1);
    else if (!sign.startsWith('>')) most = Math.min(most, major);
  }
  return [least, most];
}
