import { builtUrl } from '../checkout.ts';
import type { Library } from '../library.ts';
import { promClientLike } from '../prom-client-like.ts';

const MODULE = builtUrl('zeroprom/prom-client');

/** `zeroprom/prom-client`, through the API of prom-client. */
export default {
  modules: [MODULE],
  packages: ['.'],
  open: async (format) => promClientLike((await import(MODULE)).default, format),
} satisfies Library;
