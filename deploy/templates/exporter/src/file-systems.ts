import { statfs } from 'node:fs/promises';
import type { Collector } from 'zeroprom';

/**
 * Collects the space of the file systems with these paths. Replace it with a collector of what you want to monitor: it is called
 * for each scrape. If it throws or is late, `my_up` is 0 and the rest of the page is still served.
 */
export function fileSystems(paths: readonly string[]): Collector {
  return {
    name: 'file_systems',
    up: 'my_up',
    async collect() {
      const found = await Promise.all(paths.map(async (path) => ({ path, stats: await statfs(path) })));
      return [
        {
          name: 'my_filesystem_size_bytes',
          help: 'Size of the file system in bytes.',
          type: 'gauge',
          points: found.map(({ path, stats }) => ({ labels: { path }, value: stats.blocks * stats.bsize })),
        },
        {
          name: 'my_filesystem_free_bytes',
          help: 'Free space of the file system in bytes, for unprivileged users.',
          type: 'gauge',
          points: found.map(({ path, stats }) => ({ labels: { path }, value: stats.bavail * stats.bsize })),
        },
      ];
    },
  };
}
