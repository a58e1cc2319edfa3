import { readSnapshot } from '../../exposition/snapshot/read-snapshot.ts';
import { snapshotOf } from '../../exposition/snapshot/snapshot.ts';
import { encodeFamily } from '../../model/encoder.ts';
import type { MetricFamily } from '../../model/family.ts';
import type { ParseMode, ParseOptions } from '../../parse/input/options.ts';
import { parseOpenMetrics } from '../../parse/openmetrics/parse-openmetrics.ts';
import { parseProtobuf } from '../../parse/protobuf/parse-protobuf.ts';
import { parseText } from '../../parse/text/parse-text.ts';
import type { FormatName } from '../input/format-names.ts';
import { checkInputMemory } from '../input/memory-limit.ts';
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
  const parseOptions: ParseOptions = { mode: options.mode, maxSize: Number.POSITIVE_INFINITY, onError: () => {} };
  const pieces = checked(encodedPieces(families, format, options));
  if (format === 'protobuf') return parseProtobuf(pieces, parseOptions);
  if (format === 'openmetrics') return parseOpenMetrics(pieces, parseOptions);
  if (format === 'openmetrics-2') return parseOpenMetrics(pieces, { ...parseOptions, version: '2.0.0' });
  return parseText(pieces, parseOptions);
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
