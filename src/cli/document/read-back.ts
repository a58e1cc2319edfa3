import { readSnapshot } from '../../exposition/snapshot/read-snapshot.ts';
import { snapshotOf } from '../../exposition/snapshot/snapshot.ts';
import { encodeFamily } from '../../model/encoder.ts';
import type { MetricFamily } from '../../model/family.ts';
import type { ParseMode } from '../../parse/input/options.ts';
import type { FormatName } from '../input/format-names.ts';
import { checkInputMemory } from '../input/memory-limit.ts';
import { documentReaders } from './document-readers.ts';
import { encodedPieces, type PieceOptions } from './encoded-pieces.ts';

export interface ReadBackOptions extends PieceOptions {
  /** How strictly the encoded families are parsed. */
  readonly mode: ParseMode;
}

/** Encodes families and parses the result, so that everything that the format cannot represent is gone. */
export async function readBack(
  families: Iterable<MetricFamily>,
  format: FormatName,
  options: ReadBackOptions,
): Promise<Iterable<MetricFamily>> {
  if (format === 'json') return readSnapshots(families, options);
  // Encoders do not write anything that is invalid.
  const readerOptions = {
    mode: options.mode,
    maxSize: Number.POSITIVE_INFINITY,
    onError: () => {},
    inspectLines: undefined,
  };
  const pieces = checked(encodedPieces(families, format, options));
  return documentReaders[format](pieces, readerOptions, 'The input');
}

function* readSnapshots(families: Iterable<MetricFamily>, { onProblem }: PieceOptions): Iterable<MetricFamily> {
  for (const family of families) {
    yield* readSnapshot(snapshotOf({ encode: (encoder) => encodeFamily(family, encoder) }, onProblem));
  }
}

async function* checked(pieces: Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for (const piece of pieces) {
    checkInputMemory('The input');
    yield piece;
  }
}
