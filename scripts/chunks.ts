/** Decides which modules the build joins into one file. */
import { dirname, join, relative } from 'node:path';
import type { ManualChunksOption } from 'rollup';

/** Modules of `zeroprom` that wait for scrapes. */
const HANDLERS = ['http/handler.js', 'http/fetch-handler.js'];
/** Modules of `zeroprom` that gather, and one that others need without the rest of a scrape. */
const REGISTRIES = ['registry/default-registry.js', 'registry/registry.js', 'model/event-loop-budget.js'];
/** Modules that the first scrape or `expose()` loads. */
const FIRST_SCRAPE = ['http/scrape/node-scrapes.js', 'http/scrape/fetch-scrapes.js', 'registry/on-demand.js'];

/** Formats that are loaded when a scraper asks for them, and their encoders. */
const FORMATS = ['exposition/text/openmetrics-formats.js', 'exposition/protobuf/protobuf-format.js'];
const ENCODERS = ['exposition/text/openmetrics', 'exposition/protobuf/'];

/** Folders whose modules are parts of the file that uses them, or alone if several do. */
const NOT_JOINED = ['nest', 'opentelemetry', 'overrides', 'lint', 'parse', 'push', 'registry', 'model'];

/** Chunks of folders that subpaths use without the rest of their parent: `zeroprom/http` has loggers, but no server. */
const PARTS: Readonly<Record<string, string>> = { 'exporter/log': 'log' };

/** A chunk, and the modules that may be in it. Earlier parts take precedence. */
type Part = readonly [chunk: string, modules: ReadonlySet<string>];

export interface Build {
  /** The folder with the compiled modules. */
  readonly folder: string;
  readonly isCommonJs: boolean;
}

/**
 * Returns the chunk of each module. Modules that are loaded by `import()` are separate, because bundlers keep all of a
 * chunk that is imported as a whole; formats include their encoders.
 */
export function chunkOf(entries: Readonly<Record<string, string>>, build: Build): ManualChunksOption {
  const isEntry = new Set(Object.values(entries));
  let graph: ModuleGraph | undefined;
  let parts: readonly Part[] = [];
  return (id, { getModuleInfo }) => {
    if (graph === undefined) {
      graph = new ModuleGraph(build.folder, (module) => getModuleInfo(module)?.importedIds ?? []);
      parts = partsOf(entries, graph, build.isCommonJs);
    }
    if (isEntry.has(id) || (getModuleInfo(id)?.dynamicImporters ?? []).length > 0) return null;
    const part = parts.find(([, modules]) => modules.has(id));
    if (part !== undefined) return part[0];
    return graph.isIn(ENCODERS, id) ? null : folderChunk(relative(build.folder, dirname(id)));
  };
}

/**
 * One chunk contains what `zeroprom` itself loads, and one what its first scrape loads. In ES modules, metrics and
 * registries are separate, each with what they need, so that bundlers keep only the metrics for a program that never
 * gathers, and gather with code that they load later. What `instrument` needs of `collectors` is separate, because the
 * rest imports modules of Node.js that other runtimes do not have.
 */
function partsOf(entries: Readonly<Record<string, string>>, graph: ModuleGraph, isCommonJs: boolean): Part[] {
  const { index = '', instrument = '' } = entries;
  const main = graph.closureOf([index, ...graph.at(REGISTRIES)]);
  const bundled: Part[] = [
    ['metrics', graph.closureOf([...main].filter((id) => graph.isIn(['metrics/'], id)))],
    ['main', graph.closureOf(graph.at(HANDLERS))],
    ['registry', graph.closureOf(graph.at(REGISTRIES))],
  ];
  const scrape = [...graph.closureOf(graph.at([...FIRST_SCRAPE, ...FORMATS]))];
  const groups = [...graph.closureOf([instrument])].filter((id) => graph.isIn(['collectors/'], id));
  return [
    ...(isCommonJs ? [] : bundled),
    ['main', main],
    ['scrape', new Set(scrape.filter((id) => !graph.isIn(ENCODERS, id)))],
    ['collector-groups', new Set(groups)],
  ];
}

function folderChunk(path: string): string | null {
  const [folder = ''] = path.split('/');
  if (NOT_JOINED.includes(folder)) return null;
  return PARTS[path] ?? folder;
}

class ModuleGraph {
  readonly #folder: string;
  readonly #importsOf: (module: string) => readonly string[];

  constructor(folder: string, importsOf: (module: string) => readonly string[]) {
    this.#folder = folder;
    this.#importsOf = importsOf;
  }

  /** The ids of modules. */
  at(paths: readonly string[]): string[] {
    return paths.map((path) => join(this.#folder, path));
  }

  /** Whether the path of a module starts with one of these. */
  isIn(paths: readonly string[], module: string): boolean {
    return this.at(paths).some((path) => module.startsWith(path));
  }

  /** The modules and everything that they import, directly or not, except modules of Node.js. */
  closureOf(modules: readonly string[]): Set<string> {
    const found = new Set(modules);
    for (const module of found) {
      for (const imported of this.#importsOf(module)) if (!imported.startsWith('node:')) found.add(imported);
    }
    return found;
  }
}
