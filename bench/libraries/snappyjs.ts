import snappyjs from 'snappyjs';
import type { Library } from '../library.ts';

export default {
  modules: ['snappyjs'],
  packages: ['snappyjs'],
  onlyIn: ['push'],
  open: async () => ({ compressSnappy: (bytes: Uint8Array) => snappyjs.compress(bytes) }),
} satisfies Library;
