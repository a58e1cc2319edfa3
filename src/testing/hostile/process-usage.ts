import { readdirSync } from 'node:fs';

/** The resources that a process holds. */
export interface ProcessUsage {
  /** Open file descriptors; 0 if the platform does not tell. */
  readonly descriptors: number;
  /** Handles of Node.js that keep the process alive: sockets, servers, timers and the like. */
  readonly handles: number;
  /** Heap and buffers in megabytes, including garbage: collect it before, if it should not count. */
  readonly memoryMb: number;
}

/**
 * Returns the resources that this process holds.
 *
 * @example
 * ```ts
 * import { processUsage } from 'zeroprom/testing/hostile';
 *
 * const { descriptors, handles, memoryMb } = processUsage();
 * console.log(descriptors, handles, memoryMb);
 * ```
 */
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
