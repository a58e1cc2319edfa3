import type { Library } from '../library.ts';
import { promClientLike } from '../prom-client-like.ts';

const MODULE = new URL('../../dist/cjs/prom-client.js', import.meta.url).href;

/** `zeroprom/prom-client`, through the API of prom-client. */
export default {
  modules: [MODULE],
  packages: ['.'],
  open: async (format) => promClientLike((await import(MODULE)).default, format),
} satisfies Library;
