/**
 * Copies `docs/` to the folder of the site's sources. Files of the repository that the documentation links to, such as examples
 * and tests, become pages too, so that all links work without a code host.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { sections } from '../sidebar.ts';

/** Paths in this module are relative to the root of the repository. */
const REPOSITORY = '..';

/** Writes the pages of `docs/`, and of all files that they lead to. */
export function writePages(root: string): void {
  const listed: readonly string[] = sections.flatMap(({ pages }) => [...pages]);
  const documents = readdirSync(join(REPOSITORY, 'docs')).map((name) => join('docs', name));
  const queue = [...documents.filter((file) => file.endsWith('.md')), 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'];
  const missing = queue.filter((file) => file.startsWith('docs/') && !listed.includes(pathOf(file)));
  if (missing.length > 0) throw new Error(`website/sidebar.ts must list ${missing.join(', ')}.`);
  const known = new Set(queue);
  for (const file of queue) {
    for (const target of writePage(root, file)) if (!known.has(target)) queue.push(target);
    for (const target of queue) known.add(target);
  }
  for (const file of documents.filter((name) => !queue.includes(name)))
    cpSync(join(REPOSITORY, file), join(root, relative('docs', file)), { recursive: true });
}

/** Returns the files outside of `docs/` that the page links to. */
function writePage(root: string, file: string): string[] {
  const text = readFileSync(join(REPOSITORY, file), 'utf8');
  const targets: string[] = [];
  const page = join(root, `${pathOf(file)}.md`);
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, file.endsWith('.md') ? withLinks(text) : sourcePage(file, text));
  return targets;

  function withLinks(markdown: string): string {
    const parts = markdown.split(/^(```.*\n[\s\S]*?^```)$/m);
    return parts.map((part) => (part.startsWith('```') ? part : part.replaceAll(/\]\(([^)\s]+)\)/g, rewrite))).join('');
  }

  function rewrite(link: string, url: string): string {
    if (/^(?:[a-z]+:|#|\/)/.test(url)) return link;
    const [path = '', anchor = ''] = url.split(/(?=#)/);
    const target = normalize(join(dirname(file), path));
    if (target === 'README.md') return `](/${anchor})`;
    if (/^docs\/.+\.(?!md$)\w+$/.test(target)) return link; // An image.
    if (!existsSync(join(REPOSITORY, target)) || statSync(join(REPOSITORY, target)).isDirectory())
      throw new Error(`${file} links to ${url}, which must be a file of the repository.`);
    targets.push(target);
    return `](/${pathOf(target)}.md${anchor})`;
  }
}

/** The path of the page of a file, without `.md`. */
function pathOf(file: string): string {
  const path = file.replace(/\.md$/, '');
  return path.startsWith('docs/') ? relative('docs', path) : join('source', path);
}

function sourcePage(file: string, text: string): string {
  const language = /\.(\w+)$/.exec(file)?.[1] ?? 'text';
  return `---\nsearch: false\n---\n\n# ${file}\n\n\`\`\`\`${language}\n${text}\`\`\`\`\n`;
}
