import type prom from 'prom-client';
import type { Library } from '../library.ts';
import { promClientLike } from '../prom-client-like.ts';

export default {
  modules: ['@platformatic/prom-client'],
  packages: ['@platformatic/prom-client'],
  async open(format) {
    const library = (await import('@platformatic/prom-client')).default;
    // What is used of it is as in the library that it was made from.
    return promClientLike(library as unknown as typeof prom, format);
  },
} satisfies Library;
