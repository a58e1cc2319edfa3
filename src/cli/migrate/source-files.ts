import type { Dirent } from 'node:fs';
import { opendir, readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { thrownText } from '../../model/thrown.ts';

const EXTENSION = /\.[cm]?[jt]sx?$/;
const DECLARATIONS = /\.d\.[cm]?ts$/;
/** Folders that do not contain sources of the project. */
const SKIPPED = new Set(['node_modules', 'bower_components', 'coverage']);

const MAX_FILES = 50_000;
const MAX_ENTRIES = 100_000;
const MAX_DEPTH = 50;
const MAX_BYTES = 4 * 1024 * 1024;

export interface SourceFile {
  /** Relative to the project. */
  readonly path: string;
  readonly text: string;
}

/** Called with each file or folder that was not read, and the reason. */
export type OnSkipped = (path: string, reason: string) => void;

/** Reads the sources of a project one by one. Symbolic links are not followed. */
export async function* sourceFiles(root: string, onSkipped: OnSkipped): AsyncGenerator<SourceFile> {
  let files = 0;
  for await (const path of pathsBelow(root, onSkipped)) {
    if (++files > MAX_FILES) {
      onSkipped(path, `A project may have ${MAX_FILES} source files: this one and the rest were not read.`);
      return;
    }
    const text = await readSource(join(root, path), (reason) => onSkipped(path, reason));
    if (text !== undefined) yield { path, text };
  }
}

async function* pathsBelow(root: string, onSkipped: OnSkipped): AsyncGenerator<string> {
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await entriesOf(root, folder, onSkipped);
    for (const entry of entries) {
      if (entry.isFile() && EXTENSION.test(entry.name) && !DECLARATIONS.test(entry.name))
        yield join(folder, entry.name);
    }
    const inner = entries.filter(
      (entry) => entry.isDirectory() && !SKIPPED.has(entry.name) && !entry.name.startsWith('.'),
    );
    const isTooDeep = folder.split(sep).length >= MAX_DEPTH && inner.length > 0;
    if (isTooDeep) onSkipped(folder, `Folders may be nested ${MAX_DEPTH} deep: those in it were not read.`);
    else folders.push(...inner.map(({ name }) => join(folder, name)).reverse());
  }
}

/** The entries of a folder, sorted by name. */
async function entriesOf(root: string, folder: string, onSkipped: OnSkipped): Promise<Dirent[]> {
  const entries: Dirent[] = [];
  try {
    for await (const entry of await opendir(join(root, folder))) {
      if (entries.length === MAX_ENTRIES) {
        onSkipped(folder, `A folder may have ${MAX_ENTRIES} entries: the rest was not read.`);
        break;
      }
      entries.push(entry);
    }
  } catch (error) {
    onSkipped(folder, unreadable(error));
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The text of a file; undefined if it is binary, too large or cannot be read. */
async function readSource(path: string, onSkipped: (reason: string) => void): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) {
      onSkipped(`A source may have ${MAX_BYTES} bytes: it was not read.`);
      return undefined;
    }
    const bytes = await readFile(path);
    return bytes.includes(0) ? undefined : bytes.toString();
  } catch (error) {
    onSkipped(unreadable(error));
    return undefined;
  }
}

function unreadable(error: unknown): string {
  return `It cannot be read: ${thrownText(error)}.`;
}
