import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DefaultTheme, defineConfig } from 'vitepress';
import { referenceEntries } from '../scripts/reference.ts';
import { sections } from '../sidebar.ts';

const pages = join(import.meta.dirname, '../pages');

export default defineConfig({
  srcDir: 'pages',
  title: 'zeroprom',
  description: 'Prometheus metrics for Node.js with zero dependencies',
  lang: 'en',
  metaChunk: true,
  ignoreDeadLinks: 'localhostLinks',
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/icon.svg' }]],
  markdown: { anchor: { slugify: githubAnchor } },
  themeConfig: {
    nav: [
      { text: 'Start', link: '/first-ten-minutes' },
      { text: 'Everyday tasks', link: '/everyday-tasks' },
      { text: 'API', link: '/reference/' },
    ],
    sidebar: { ...referenceSidebars(), '/': sections.map(sectionSidebar) },
    outline: { level: [2, 3] },
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          searchOptions: {
            fuzzy: 0.2,
            prefix: true,
            boost: { title: 4, text: 2, titles: 1 },
            boostDocument: (id: string) =>
              /^\/(?:reference|source|decisions|architecture|client-)/.test(id) ? 0.2 : 1,
          },
        },
      },
    },
  },
});

/** The anchors that code hosts give to headings, so that links work on both. */
function githubAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function sectionSidebar({ text, pages: names }: (typeof sections)[number]): DefaultTheme.SidebarItem {
  const items = names
    .filter((name) => existsSync(join(pages, `${name}.md`)))
    .map((name) => ({ text: titleOf(name), link: `/${name}` }));
  if (text === 'Project')
    items.push(
      { text: 'Contributing', link: '/source/CONTRIBUTING' },
      { text: 'Changelog', link: '/source/CHANGELOG' },
    );
  if (text === 'Reference') items.unshift({ text: 'API reference', link: '/reference/' });
  return { text, items };
}

function titleOf(name: string): string {
  return /^# (.+)$/m.exec(readFileSync(join(pages, `${name}.md`), 'utf8'))?.[1]?.replaceAll('`', '') ?? name;
}

/** A sidebar for each subpath: all subpaths, and the symbols of this one. One sidebar with all symbols would be in each page. */
function referenceSidebars(): DefaultTheme.SidebarMulti {
  const entries = referenceEntries(pages);
  const subpaths = [...new Set(entries.map(({ subpath }) => subpath))];
  const itemsOf = (subpath: string) =>
    entries.filter((entry) => entry.subpath === subpath).map(({ name, path }) => ({ text: name, link: `/${path}` }));
  const sidebarOf = (current: string) =>
    subpaths.map((subpath) => ({
      text: subpath,
      link: `/reference/${subpath}/`,
      items: subpath === current ? itemsOf(subpath) : [],
    }));
  const sidebars = subpaths.map((subpath) => [`/reference/${subpath}/`, sidebarOf(subpath)] as const);
  return { '/reference/': sidebarOf(''), ...Object.fromEntries(sidebars) };
}
