import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Collects the garbage of this process, so that a test can compare its memory. */
export function collectGarbage(): void {
  collect();
  collect(); // The first collection leaves memory of array buffers to a background thread, for which this one waits.
}
