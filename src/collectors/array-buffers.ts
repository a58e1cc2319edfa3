import type { Group } from './collector-group.ts';
import { liveGroup } from './live-group.ts';

/** Memory behind Buffers and other array buffers. */
export const arrayBuffers: Group = liveGroup(arrayBufferBytes, [
  {
    name: 'nodejs_array_buffers_bytes',
    help: 'Memory of ArrayBuffers, SharedArrayBuffers and Buffers in bytes, part of the external memory.',
    type: 'gauge',
    value: (bytes) => bytes,
  },
]);

/** Node reads the resident memory with it, and fails where there is no /proc. */
function arrayBufferBytes(): number | undefined {
  try {
    return process.memoryUsage().arrayBuffers;
  } catch {
    return undefined;
  }
}
