import { readdirSync } from 'node:fs';

/** What a process holds. */
export interface ProcessUsage {
  /** Open file descriptors; 0 where the system does not tell. */
  readonly descriptors: number;
  /** Of Node.js: sockets, servers, timers and the like, as far as they keep the process alive. */
  readonly handles: number;
  /** The heap and buffers, in megabytes, garbage too: collect it before where it is not to count. */
  readonly memoryMb: number;
}

/** What this process holds. */
export function processUsage(): ProcessUsage {
  const { heapUsed, external } = process.memoryUsage();
  return {
    descriptors: openDescriptors(),
    handles: process.getActiveResourcesInfo().length,
    memoryMb: (heapUsed + external) / 2 ** 20,
  };
}

function openDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}
