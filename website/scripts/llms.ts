/** Writes the documentation for language models: an index (`llms.txt`), all pages in one (`llms-full.txt`), and each as Markdown. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sections } from '../sidebar.ts';
import { referenceEntries } from './reference.ts';

const INTRODUCTION = `# zeroprom

> Prometheus metrics for Node.js with zero dependencies: a client library, the exposition formats, an exporter server and a
> scheduler, in TypeScript, as ESM and CommonJS. Every code block of these pages is executed by the tests.
`;

/** `pages` is the folder of the site's sources, and `dist` that of the built site. */
export function writeTextsForModels(pages: string, dist: string): void {
  const index = [INTRODUCTION];
  const texts = [INTRODUCTION];
  for (const { text: title, pages: names } of sections) {
    index.push(`## ${title}\n`);
    for (const name of names.filter((page) => existsSync(join(pages, `${page}.md`)))) {
      const text = copy(pages, dist, name);
      index.push(`- [${titleOf(text, name)}](/${name}.md): ${firstSentence(text)}`);
      texts.push(text);
    }
    index.push('');
  }
  index.push('## API reference\n');
  for (const { path, subpath, name } of referenceEntries(pages)) {
    copy(pages, dist, path);
    index.push(`- [${name}](/${path}.md), in ${subpath}`);
  }
  writeFileSync(join(dist, 'llms.txt'), `${index.join('\n')}\n`);
  writeFileSync(join(dist, 'llms-full.txt'), texts.join('\n'));
}

function copy(pages: string, dist: string, name: string): string {
  const text = readFileSync(join(pages, `${name}.md`), 'utf8');
  mkdirSync(dirname(join(dist, name)), { recursive: true });
  writeFileSync(join(dist, `${name}.md`), text);
  return text;
}

function titleOf(text: string, name: string): string {
  return /^# (.+)$/m.exec(text)?.[1] ?? name;
}

function firstSentence(text: string): string {
  const paragraph = /^[A-Z`[](?:.+\n)+/m.exec(text)?.[0].replaceAll('\n', ' ') ?? '';
  return /^.+?[.:](?= )/.exec(paragraph)?.[0].replace(/:$/, '.') ?? paragraph;
}
