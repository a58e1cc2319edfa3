import type { Client, Library } from '../library.ts';
import zeroprom from './zeroprom.ts';

/** Copies the bytes of a scrape to existing memory: the minimum work of an encoder. */
export default {
  modules: [],
  packages: [],
  onlyIn: ['scrape'],
  async open(format) {
    const { counter, histogram, gauge, expose } = await zeroprom.open(format);
    let source: Buffer | undefined;
    let target = Buffer.alloc(0);
    return {
      counter,
      gauge,
      histogram,
      async expose() {
        source ??= await expose();
        if (target.length < source.length) target = Buffer.alloc(source.length);
        source.copy(target);
        return target;
      },
    } satisfies Client;
  },
} satisfies Library;
