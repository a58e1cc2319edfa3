/**
 * Code that both builds share: a function that gets the modules of Node.js from the build that calls it. Its file is
 * neither an ES module nor CommonJS, because it only defines a global variable.
 */
import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { type OutputChunk, type OutputOptions, type Plugin, type ProgramNode, rollup } from 'rollup';

export interface SharedModules {
  /** Entry points of both builds. */
  readonly inputs: readonly string[];
  /** Whether both builds share a module. Such modules import only each other and modules of Node.js. */
  readonly isShared: (module: string) => boolean;
  /** Path of the module that calls the function; it does not exist. */
  readonly caller: string;
  /** The file with the function, as the caller imports it. */
  readonly file: string;
}

export interface SharedCode {
  /** The content of the file. */
  readonly text: string;
  /** The caller, and the modules in place of the shared ones, by path. */
  readonly modules: ReadonlyMap<string, string>;
}

/** Joins modules into one function. */
export async function shareCode(shared: SharedModules, output: OutputOptions): Promise<SharedCode> {
  const { caller, file } = shared;
  // Sorted, because modules are parsed in any order, and builds must not differ.
  const exported = [...(await usedNames(shared))]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([id, names]) => [id, `export { ${[...names].sort().join(', ')} }`] as const);
  const chunk = await join(caller, exported.map(([id, names]) => `${names} from '${id}';`).join('\n'), output);
  const hash = createHash('sha256').update(chunk.code).digest('hex').slice(0, 16);
  const name = `Symbol.for('zeroprom.embedded.${hash}')`;
  const modules = exported.map(([id, names]) => [id, `${names} from '${caller}';`] as const);
  return {
    // Engines compile a function in parentheses at once, instead of reading it twice.
    text: `globalThis[${name}] = (function (require, exports) {${chunk.code.trim()}});\n`,
    modules: new Map([...modules, [caller, call(name, file, chunk)]]),
  };
}

/** Returns what other modules import of the shared ones. */
async function usedNames({ inputs, isShared }: SharedModules): Promise<Map<string, Set<string>>> {
  const used = new Map<string, Set<string>>();
  const visit: Plugin = {
    name: 'visit',
    moduleParsed({ id, ast }) {
      if (isShared(id) || ast === null) return;
      for (const [source, names] of importsOf(ast)) {
        const imported = resolve(dirname(id), source);
        if (isShared(imported)) used.set(imported, new Set([...(used.get(imported) ?? []), ...names]));
      }
    },
  };
  const modules = await rollup({ input: [...inputs], external: /^node:/, logLevel: 'warn', plugins: [visit] });
  await modules.close();
  return used;
}

function importsOf({ body }: ProgramNode): [source: string, names: string[]][] {
  return body.flatMap((node): [string, string[]][] => {
    if (node.type !== 'ImportDeclaration' && node.type !== 'ExportNamedDeclaration') return [];
    return node.source ? [[String(node.source.value), node.specifiers.map(importedName)]] : [];
  });
}

function importedName(specifier: { imported?: object; local: object }): string {
  const { imported = specifier.local } = specifier;
  return 'name' in imported ? String(imported.name) : '';
}

async function join(caller: string, statements: string, output: OutputOptions): Promise<OutputChunk> {
  const entry: Plugin = {
    name: 'entry',
    resolveId: (id) => (id === caller ? id : null),
    load: (id) => (id === caller ? statements : null),
  };
  const modules = await rollup({ input: caller, external: /^node:/, logLevel: 'warn', plugins: [entry] });
  const { output: chunks } = await modules.generate({ ...output, esModule: false, exports: 'named' });
  await modules.close();
  return chunks[0];
}

/** Modules of Node.js are passed as a whole, because programs replace their functions. */
function call(name: string, file: string, { imports, exports }: OutputChunk): string {
  return `import '${file}';
${imports.map((id, index) => `import * as builtin${index} from '${id}';`).join('\n')}
const builtins = { ${imports.map((id, index) => `'${id}': builtin${index}`).join(', ')} };
const shared = {};
globalThis[${name}]((id) => builtins[id], shared);
${exports.map((exported) => `export const ${exported} = shared.${exported};`).join('\n')}`;
}
