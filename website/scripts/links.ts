/** Finds links of the built site that lead nowhere: to pages, files and headings. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** `dist` is the folder of the built site. Returns a line for each dead link. */
export function deadLinks(dist: string): string[] {
  const root = resolve(dist);
  const anchors = new Map<string, ReadonlySet<string>>();
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
  return files.flatMap((name) => {
    const page = join(root, name);
    const links = [...readFileSync(page, 'utf8').matchAll(/\s(?:href|src)="([^"]+)"/g)].map(([, link = '']) => link);
    return [...new Set(links)].filter((link) => !isAlive(page, link)).map((link) => `${name}: ${link}`);
  });

  function isAlive(page: string, link: string): boolean {
    if (/^[a-z]+:/.test(link)) return true; // Only links within the site are checked.
    const [path = '', anchor = ''] = link.replaceAll('&amp;', '&').split('#');
    const target = path === '' ? page : fileOf(path.startsWith('/') ? join(root, path) : resolve(dirname(page), path));
    if (!existsSync(target)) return false;
    return anchor === '' || anchorsOf(target).has(decodeURIComponent(anchor));
  }

  function anchorsOf(file: string): ReadonlySet<string> {
    const known =
      anchors.get(file) ??
      new Set([...readFileSync(file, 'utf8').matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => id));
    anchors.set(file, known);
    return known;
  }
}

function fileOf(path: string): string {
  return existsSync(path) && statSync(path).isDirectory() ? join(path, 'index.html') : path;
}
