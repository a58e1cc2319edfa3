import { readFileSync } from 'node:fs';

/** A code block of a page of the documentation. */
export interface Block {
  /** The text after the opening fence, such as `ts` or `js app.mjs`. */
  readonly kind: string;
  readonly code: string;
  /** Page and line. */
  readonly where: string;
}

export function blocksOf(page: string): Block[] {
  return blocksIn(readFileSync(page, 'utf8'), page);
}

/** Tutorials name the file of each program, and their commands run in the folder with these files. */
export function isTutorial(page: string): boolean {
  return blocksOf(page).some(({ kind }) => fileOf(kind) !== undefined);
}

/** A section of a page with its blocks in order. */
export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** The sections of second level that contain blocks; the first one may have the title of the page. */
export function sectionsOf(page: string): Section[] {
  const parts = readFileSync(page, 'utf8').split(/^(?=##? )/m);
  const sections = parts.map((part) => ({ title: /^#+ (.+)/.exec(part)?.[1] ?? page, blocks: blocksIn(part, page) }));
  return sections.filter(({ blocks }) => blocks.length > 0);
}

/** The file that a block is saved as: `app.mjs` in `js app.mjs`. */
export function fileOf(kind: string): string | undefined {
  return /^\w+ ([\w.-]+\.\w+)$/.exec(kind)?.[1];
}

function blocksIn(text: string, page: string): Block[] {
  return [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const [, kind = '', code = ''] = match;
    return { kind, code, where: `${page}:${text.slice(0, match.index).split('\n').length}` };
  });
}
