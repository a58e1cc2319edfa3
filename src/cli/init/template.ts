import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Files for deployments that `init` can generate. */
export const DEPLOYMENTS = ['docker', 'systemd', 'kubernetes', 'none'] as const;

export type Deployment = (typeof DEPLOYMENTS)[number];

/** The words that take the places of `my-exporter` and `2112` in templates. */
export interface Words {
  /** Name of the package, such as `redis-exporter`. */
  readonly name: string;
  readonly port: number;
}

export interface ProjectFile {
  /** Path in the project, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Folders of the package whose files a project gets, and where. */
const sources: readonly (readonly [folder: string, target: string, deployments: readonly Deployment[] | undefined])[] =
  [
    ['deploy/templates/exporter', '', undefined],
    ['deploy/templates/docker', '', ['docker', 'kubernetes']],
    ['deploy/systemd', 'systemd/', ['systemd']],
    ['deploy/kubernetes', 'kubernetes/', ['kubernetes']],
  ];

/** Returns the files of a project, sorted by path. */
export async function projectFiles(words: Words, deployments: readonly Deployment[]): Promise<ProjectFile[]> {
  const root = await packageRoot();
  const chosen = sources.filter(([, , only]) => only?.some((each) => deployments.includes(each)) ?? true);
  const files = await Promise.all(chosen.map(([folder, target]) => filesIn(join(root, folder), target, words)));
  return files.flat().sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function filesIn(folder: string, target: string, words: Words): Promise<ProjectFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path) => ({
      path: targetPath(target + path.slice(folder.length + 1).replaceAll('\\', '/'), words),
      text: filled(await readFile(path, 'utf8'), words),
    })),
  );
}

/** npm does not pack files with the names .gitignore and .dockerignore, or reads them itself. */
function targetPath(path: string, words: Words): string {
  return filled(path, words).replace(/^(?=(?:git|docker)ignore$)/, '.');
}

/** Templates are valid as they are: an exporter with the name my-exporter, whose metrics start with my_. */
function filled(text: string, { name, port }: Words): string {
  const snake = name.replaceAll('-', '_');
  const prefix = snake.replace(/_?exporter$/, '') || snake;
  return text
    .replaceAll('MY_EXPORTER', snake.toUpperCase())
    .replaceAll('my_exporter', snake)
    .replaceAll('my-exporter', name)
    .replaceAll(/\bmy_(?=[a-z])/g, `${prefix}_`)
    .replaceAll(/\b2112\b/g, String(port));
}

/** The folder of this package, in which the code may be at any depth. */
export async function packageRoot(): Promise<string> {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    if (await isFolder(join(folder, 'deploy/templates'))) return folder;
  }
  throw new Error('The package is incomplete: it has no folder deploy/templates.');
}

export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
