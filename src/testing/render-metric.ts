import { encodeGathering } from '../exposition/encode.ts';
import type { Format } from '../exposition/encoding/format.ts';
import { gatheringOf, type Source } from './metric-source.ts';

/** What a scrape shows of one metric or collector, or of a whole registry; as text 0.0.4 by default. */
export async function renderMetric(source: Source, format?: Format): Promise<string> {
  return encodeGathering(await gatheringOf(source), format).toString();
}
