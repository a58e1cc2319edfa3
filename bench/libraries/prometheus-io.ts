import type prom from 'prom-client';
import type { Library } from '../library.ts';
import { promClientLike } from '../prom-client-like.ts';

export default {
  modules: ['@prometheus-io/client'],
  packages: ['@prometheus-io/client'],
  minimumNode: 22,
  async open(format) {
    const library = (await import('@prometheus-io/client')).default;
    // The parts used here are the same as in prom-client, from which it was forked.
    return promClientLike(library as unknown as typeof prom, format);
  },
} satisfies Library;
