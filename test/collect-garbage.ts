import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Collects the garbage of this process, so that a test can compare its memory. */
export const collectGarbage: () => void = runInNewContext('gc');
