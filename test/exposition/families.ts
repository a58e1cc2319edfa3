/** Replaces a registry's gathering: passes families to an encoder. */
import type { Encodable } from '../../src/exposition/encoding/format.ts';
import { encodeFamily } from '../../src/model/encoder.ts';
import type { MetricFamily } from '../../src/model/family.ts';

export function gatheringOf(families: readonly MetricFamily[]): Encodable {
  return {
    encode: (encoder) => {
      for (const family of families) encodeFamily(family, encoder);
    },
  };
}
