import type { EncodeOptions } from '../exposition/encode.ts';
import type { Format } from '../exposition/formats.ts';
import type { FamilySnapshot } from '../exposition/snapshot/snapshot.ts';
import type { Gatherer } from './gathering.ts';

// Formats are loaded by the first call, so that a program that only updates metrics does not bundle them.

/** One scrape as a text. Throws a TypeError for a format that is none. */
export async function expose(gatherer: Gatherer, format?: Format, options?: EncodeOptions): Promise<string> {
  if (format?.contentType.includes('charset=utf-8') === false) {
    throw new TypeError(`expose() gives a text, and ${format.contentType} is none: use encodeGathering().`);
  }
  const { encodeGathering } = await import('./formats-on-demand.ts');
  return encodeGathering(await gatherer.gather(), format, options).toString();
}

/** One scrape as plain data, which JSON can hold and `readSnapshot()` reads. */
export async function snapshot(gatherer: Gatherer): Promise<FamilySnapshot[]> {
  const { snapshotOf } = await import('./formats-on-demand.ts');
  return snapshotOf(await gatherer.gather());
}
