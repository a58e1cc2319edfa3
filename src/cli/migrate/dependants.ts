import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, objectIn, readManifest, textIn } from './manifest.ts';

const MAX_PACKAGES = 50_000;
const MAX_DEPTH = 20;

/** An installed package that uses a package which zeroprom replaces. */
export interface Dependant {
  /** Folder relative to the project. */
  readonly path: string;
  readonly version: string;
  /** Name of the package that it uses, and the range that it declares. */
  readonly uses: string;
  readonly range: string;
  readonly kind: 'dependency' | 'peer dependency' | 'optional dependency';
}

/** A copy of a package that zeroprom replaces. */
export interface Copy {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** Whether it is already zeroprom. */
  readonly isAlias: boolean;
}

export interface Installed {
  readonly dependants: readonly Dependant[];
  readonly copies: readonly Copy[];
}

const KINDS = [
  ['dependencies', 'dependency'],
  ['optionalDependencies', 'optional dependency'],
  ['peerDependencies', 'peer dependency'],
] as const;

/** Looks through `node_modules`, nested ones and the store of pnpm included. Symbolic links are not followed. */
export async function installedPackages(root: string, names: readonly string[]): Promise<Installed> {
  const dependants: Dependant[] = [];
  const copies: Copy[] = [];
  const folders = [{ path: 'node_modules', depth: 0 }];
  let packages = 0;
  for (let folder = folders.pop(); folder !== undefined && packages < MAX_PACKAGES; folder = folders.pop()) {
    for (const { path, name } of await packagesIn(root, folder.path)) {
      packages++;
      if (folder.depth < MAX_DEPTH) folders.push({ path: join(path, 'node_modules'), depth: folder.depth + 1 });
      const manifest = await readManifest(join(root, path, 'package.json')).catch(() => undefined);
      if (manifest === undefined) continue;
      if (names.includes(name)) {
        const version = textIn(manifest.json, 'version') ?? 'unknown';
        const isAlias = Object.hasOwn(objectIn(manifest.json, 'dependencies'), 'zeroprom');
        copies.push({ path, name, version, isAlias });
      } else dependants.push(...names.flatMap((used) => dependantOf(path, used, manifest)));
    }
  }
  return { dependants: dependants.sort(byPath), copies: copies.sort(byPath) };
}

/** The folders of packages in a `node_modules`; those of pnpm's store are in a `node_modules` of their own. */
async function packagesIn(root: string, folder: string): Promise<{ path: string; name: string }[]> {
  const packages: { path: string; name: string }[] = [];
  for (const { name } of await foldersIn(join(root, folder))) {
    const path = join(folder, name);
    if (name === '.pnpm') {
      for (const stored of await foldersIn(join(root, path))) {
        packages.push(...(await packagesIn(root, join(path, stored.name, 'node_modules'))));
      }
    } else if (name.startsWith('@')) {
      for (const scoped of await foldersIn(join(root, path))) {
        packages.push({ path: join(path, scoped.name), name: `${name}/${scoped.name}` });
      }
    } else if (!name.startsWith('.')) packages.push({ path, name });
  }
  return packages;
}

async function foldersIn(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).slice(0, MAX_PACKAGES);
}

function dependantOf(path: string, uses: string, { json }: Manifest): Dependant[] {
  const found = KINDS.find(([section]) => textIn(objectIn(json, section), uses) !== undefined);
  if (found === undefined) return [];
  const [section, kind] = found;
  const range = textIn(objectIn(json, section), uses) ?? '';
  return [{ path, version: textIn(json, 'version') ?? 'unknown', uses, range, kind }];
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
