import type { EncodeOptions } from '../exposition/encode.ts';
import type { Format } from '../exposition/formats.ts';
import type { Gatherer } from './gathering.ts';

/** One scrape as a text. */
export async function expose(gatherer: Gatherer, format?: Format, options?: EncodeOptions): Promise<string> {
  // Imported here, so that metrics, which need a registry, do not bring formats along.
  const { encodeGathering } = await import('../exposition/encode.ts');
  return encodeGathering(await gatherer.gather(), format, options).toString();
}
