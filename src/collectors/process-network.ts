import type { Group } from './collector-group.ts';
import type { KernelFiles } from './kernel-files.ts';
import { liveGroup } from './live-group.ts';

interface Bytes {
  readonly received: number;
  readonly transmitted: number;
}

/** What went over the network interfaces that the process sees, those of its container. Linux, from `/proc/self/net/dev`. */
export function processNetwork(files: KernelFiles): Group {
  return liveGroup<Bytes>(
    () => networkBytes(files.read('proc/self/net/dev')),
    [
      {
        name: 'process_network_receive_bytes_total',
        help: 'Number of bytes received over the network interfaces that the process sees, loopback left out.',
        type: 'counter',
        value: ({ received }) => received,
      },
      {
        name: 'process_network_transmit_bytes_total',
        help: 'Number of bytes sent over the network interfaces that the process sees, loopback left out.',
        type: 'counter',
        value: ({ transmitted }) => transmitted,
      },
    ],
  );
}

/** Sums of all interfaces but loopback: `  eth0: 1928083647   49979 ...`, 8 columns received, then 8 sent. */
function networkBytes(table: string | undefined): Bytes | undefined {
  if (table === undefined) return undefined;
  let received = 0;
  let transmitted = 0;
  for (const line of table.split('\n').slice(2)) {
    const end = line.lastIndexOf(':');
    if (end < 0 || line.slice(0, end).trim() === 'lo') continue;
    const columns = line
      .slice(end + 1)
      .trim()
      .split(/\s+/);
    received += Number(columns[0] ?? 0);
    transmitted += Number(columns[8] ?? 0);
  }
  return Number.isFinite(received + transmitted) ? { received, transmitted } : undefined;
}
