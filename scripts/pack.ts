import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

/** Packs the package in a folder as npm publishes it. Returns the path of the tarball in `destination`. */
export function pack(folder: string, destination: string): string {
  const args = ['pack', '--json', '--pack-destination', destination, resolve(folder)];
  const [{ filename }] = JSON.parse(execFileSync('npm', args, { encoding: 'utf8' }));
  return join(destination, filename);
}
