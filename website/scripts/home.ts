import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the home page. Its programs are those of the README, which the tests execute. */
export function writeHome(root: string): void {
  const home = readFileSync('index.md', 'utf8');
  writeFileSync(
    join(root, 'index.md'),
    home.replaceAll(/<!-- README: (.+) -->/g, (_, title: string) => programOf(title)),
  );
}

function programOf(title: string): string {
  const [, section = ''] = readFileSync('../README.md', 'utf8').split(`\n## ${title}\n`);
  const program = /^```ts\n[\s\S]*?^```$/m.exec(section)?.[0];
  if (program === undefined) throw new Error(`README.md must have a program under "${title}".`);
  return program;
}
