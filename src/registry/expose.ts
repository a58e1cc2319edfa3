import type { EncodeOptions } from '../exposition/encode.ts';
import type { Format } from '../exposition/formats.ts';
import type { FamilySnapshot } from '../exposition/snapshot/snapshot.ts';
import type { Gatherer } from './gathering.ts';

// Formats are loaded by the first call, because many programs only update metrics.

/** Scrapes once and returns text. Throws a TypeError for a binary format. */
export async function expose(gatherer: Gatherer, format?: Format, options?: EncodeOptions): Promise<string> {
  const { checkFormat, encodeGathering } = await import('./on-demand.ts');
  if (format !== undefined) checkFormat('The format of expose()', format);
  if (format?.contentType.includes('charset=utf-8') === false) {
    throw new TypeError(`expose() returns text, but ${format.contentType} is binary; use encodeGathering() instead.`);
  }
  return encodeGathering(await gatherer.gather(), format, options).toString();
}

/** Scrapes once and returns plain data that survives JSON, for `readSnapshot()`. */
export async function snapshot(gatherer: Gatherer): Promise<FamilySnapshot[]> {
  const { snapshotOf } = await import('./on-demand.ts');
  return snapshotOf(await gatherer.gather());
}
