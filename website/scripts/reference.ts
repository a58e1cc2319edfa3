/** Writes the API reference to `pages/reference` with TypeDoc, and checks that each of its entries is described. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

export interface Entry {
  /** Path of the page, without an extension, such as `reference/zeroprom/classes/Counter`. */
  readonly path: string;
  readonly subpath: string;
  readonly name: string;
}

/** Returns the entries in the order of the subpaths. `root` is the folder of the site's sources. */
export function writeReference(root: string): void {
  execFileSync(process.execPath, ['node_modules/typedoc/bin/typedoc', '--logLevel', 'Warn'], { stdio: 'inherit' });
  for (const file of pagesIn(root)) writeFileSync(file, adapt(readFileSync(file, 'utf8'), entryOf(root, file)));
  const empty = pagesIn(root).flatMap((file) =>
    emptySections(readFileSync(file, 'utf8')).map((name) => `${file}: ${name}`),
  );
  if (empty.length > 0) throw new Error(`Entries of the reference without a description:\n${empty.join('\n')}`);
}

/** The pages of symbols, to list them next to the reference. */
export function referenceEntries(root: string): Entry[] {
  return pagesIn(root).flatMap((file) => entryOf(root, file) ?? []);
}

function pagesIn(root: string): string[] {
  const folder = join(root, 'reference');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  return names.sort().map((name) => join(folder, name));
}

/** Undefined for the pages of the subpaths themselves. */
function entryOf(root: string, file: string): Entry | undefined {
  const name = basename(file, '.md');
  if (name === 'index') return undefined;
  const subpath = dirname(dirname(relative(join(root, 'reference'), file)));
  return { path: relative(root, file).replace(/\.md$/, ''), subpath, name };
}

/** Shows how to import a symbol, lists re-exported symbols instead of a section for each, and leaves out empty cells. */
function adapt(text: string, entry: Entry | undefined): string {
  const page = text
    .replaceAll(/### \S+\n\nRe-exports (.+)\n(?:\n\*\*\*\n\n?)?/g, '- $1\n')
    .replace('## References\n', '## Also exported\n')
    .replaceAll('| - |', '| |');
  if (entry === undefined) return page;
  const keyword = /\/(?:interfaces|type-aliases)\//.test(entry.path) ? 'import type' : 'import';
  const statement = `\`\`\`ts\n${keyword} { ${entry.name} } from '${entry.subpath}';\n\`\`\``;
  return page.replace(/^# .+\n/, (title) => `${title}\n${statement}\n`);
}

/** Names of the symbols of a page that have a signature, but no description. */
function emptySections(page: string): string[] {
  const sections = page.split(/^(?=#{1,4} )/m);
  return sections
    .filter((section) => /^> /m.test(section) && !/^(?:## Indexable|[\w`[])/m.test(section))
    .map((section) => section.split('\n', 1)[0] ?? '');
}
