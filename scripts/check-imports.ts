/**
 * Checks the imports between the files of `src/`, of types and by `import()` too: folders import only what `layers.ts`
 * allows, the client of the status page is separate, no import cycles, no two folders that import each other, and no allowance that nothing needs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { layers } from './layers.ts';

const STATIC_IMPORT = /^(?:import|export)\s(?:[^;'"]*?\sfrom\s)?['"](\.[^'"]+)['"]/gm;
const TYPE_IMPORT = /\bimport\(['"](\.[^'"]+)['"]\)\./g;
const DYNAMIC_IMPORT = /\bimport\(['"](\.[^'"]+)['"]\)(?!\.)/g;

const files = sourceFiles();
const imports = new Map(files.map((file) => [file, importsOf(file, [STATIC_IMPORT, TYPE_IMPORT])]));
const edges = [...imports].flatMap(([file, all]) => all.map((imported) => [file, imported] as const));
const dynamicEdges = files.flatMap((file) => importsOf(file, [DYNAMIC_IMPORT]).map((to) => [file, to] as const));
const problems = [...forbiddenImports(), ...browserImports(), ...unusedAllowances(), ...cycles(), ...mutualFolders()];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

function sourceFiles(): string[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
}

/** Files as paths below `src/`. */
function importsOf(file: string, patterns: readonly RegExp[]): string[] {
  const text = readFileSync(join('src', file), 'utf8');
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, path = '']) => join(dirname(file), path)));
}

function forbiddenImports(): string[] {
  return [...edges, ...dynamicEdges]
    .filter(([file, imported]) => !isAllowed(layerOf(file), layerOf(imported)))
    .map(([file, imported]) => `src/${file} must not import src/${imported}: see scripts/layers.ts.`);
}

/** Finds imports across the border of the browser's code, which shares only the types of messages with the server. */
function browserImports(): string[] {
  const isBrowser = (file: string) => file.startsWith('status-page/client/');
  return [...edges, ...dynamicEdges]
    .filter(([file, to]) => isBrowser(file) !== isBrowser(to) && !to.endsWith('protocol.ts'))
    .map(([file, to]) => `src/${file} must not import src/${to}: one is for browsers, the other for Node.js.`);
}

/** Finds allowances that should be removed, because nothing needs them any more. */
function unusedAllowances(): string[] {
  const used = new Set([...edges, ...dynamicEdges].map(([file, imported]) => `${layerOf(file)} ${layerOf(imported)}`));
  return Object.entries(layers).flatMap(([from, allowed]) =>
    allowed
      .filter((to) => !used.has(`${from} ${to}`))
      .map((to) => `src/${from} does not import src/${to}: see scripts/layers.ts.`),
  );
}

function isAllowed(from: string, to: string): boolean {
  if (from === to || from === '') return true;
  if (to === '') return false;
  return layers[from]?.includes(to) === true;
}

/** The folder directly below `src/`; empty for entry points. */
function layerOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : '';
}

/** Each cycle is reported once, from the file that closes it. */
function cycles(): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const found: string[] = [];
  const visit = (file: string): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.push(`Import cycle: ${[...path.slice(start), file].join(' -> ')}`);
    if (start >= 0 || done.has(file)) return;
    path.push(file);
    for (const imported of imports.get(file) ?? []) visit(imported);
    path.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  return found;
}

function mutualFolders(): string[] {
  const pairs = new Map<string, string>();
  for (const [file, imported] of edges) {
    if (dirname(file) !== dirname(imported))
      pairs.set(`${dirname(file)} ${dirname(imported)}`, `${file} -> ${imported}`);
  }
  return [...pairs].flatMap(([pair, edge]) => {
    const [from = '', to = ''] = pair.split(' ');
    const back = pairs.get(`${to} ${from}`);
    return from < to && back !== undefined ? [`src/${from} and src/${to} import each other: ${edge}, ${back}`] : [];
  });
}
