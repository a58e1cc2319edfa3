import type { Library } from '../library.ts';
import { promClientLike } from '../prom-client-like.ts';

export default {
  modules: ['prom-client'],
  packages: ['prom-client'],
  open: async (format) => promClientLike((await import('prom-client')).default, format),
} satisfies Library;
