import { ByteWriter } from '../../exposition/bytes/byte-writer.ts';
import { expositionEncoder } from '../../exposition/encode.ts';
import type { Escaping } from '../../exposition/encoding/escaping.ts';
import type { EncoderOptions, Format } from '../../exposition/encoding/format.ts';
import { type FamilySnapshot, snapshotOf } from '../../exposition/snapshot/snapshot.ts';
import { encodeFamily, familySteps } from '../../model/encoder.ts';
import type { MetricFamily, Sample } from '../../model/family.ts';
import { expositionFormats, type FormatName } from '../input/format-names.ts';
import { checkMemory } from '../input/memory-limit.ts';

/** Number of points to encode at a time. */
const POINTS = 256;
/** Approximate size of a piece. */
const PIECE_BYTES = 64 * 1024;

export interface PieceOptions extends EncoderOptions {
  readonly escaping: Escaping;
}

/** Encodes families piece by piece, so that neither the exposition nor, except in protobuf, a family is in memory as a whole. */
export function* encodedPieces(
  families: Iterable<MetricFamily>,
  format: FormatName,
  options: PieceOptions,
): Iterable<Uint8Array> {
  if (format === 'json') {
    yield* jsonPieces(families, options);
    return;
  }
  const writer = new ByteWriter({ pieceBytes: PIECE_BYTES });
  const encoder = expositionEncoder(expositionFormats[format], writer, options);
  for (const family of families) {
    for (const _step of familySteps(family, encoder, POINTS)) {
      checkMemory();
      while (writer.length >= PIECE_BYTES) yield writer.take();
    }
  }
  encoder.end();
  do yield writer.take();
  while (writer.hasPieces);
}

/** Writes what `JSON.stringify(snapshots, undefined, 2)` would. */
function* jsonPieces(families: Iterable<MetricFamily>, options: PieceOptions): Iterable<Uint8Array> {
  let before = '[';
  for (const family of families) {
    for (const piece of snapshotPieces(family, options)) {
      yield Buffer.from(before + piece);
      before = '';
    }
    if (before === '') before = ',';
  }
  yield Buffer.from(before === '[' ? '[]\n' : '\n]\n');
}

/** Yields nothing for a family that is left out. */
function* snapshotPieces(family: MetricFamily, options: PieceOptions): Iterable<string> {
  let before = '';
  for (const { points, ...descriptor } of snapshotsOf(family, options)) {
    checkMemory();
    if (before === '') {
      yield `\n${jsonText({ ...descriptor, points: [] }).slice(0, -']\n}'.length)}`;
      before = '\n';
    }
    for (const point of points) {
      yield before + jsonText(point).replace(/^/gm, '    ');
      before = ',\n';
    }
  }
  if (before !== '') yield before === '\n' ? ']\n}' : '\n  ]\n}';
}

function jsonText(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

/** Yields snapshots of the family with some of its points each. */
function* snapshotsOf(family: MetricFamily, { onProblem = () => {} }: PieceOptions): Iterable<FamilySnapshot> {
  let isReported = false;
  const onFirstProblem = (problem: Error) => {
    if (!isReported) onProblem(problem);
    isReported = true;
  };
  for (const part of partsOf(family)) {
    yield* snapshotOf({ encode: (encoder) => encodeFamily(part, encoder) }, onFirstProblem);
  }
}

/** Yields the family with some of its points each time, at least once. */
export function* partsOf(family: MetricFamily): Iterable<MetricFamily> {
  let points: Sample[] = [];
  const part = () => ({ ...family, points }) as MetricFamily; // The points match the type of the family.
  for (const point of family.points) {
    if (points.length === POINTS) {
      yield part();
      points = [];
    }
    points.push(point);
  }
  yield part();
}

/** Returns the size in bytes of a family in a format. */
export function encodedSize(family: MetricFamily, format: Format, writer: ByteWriter): number {
  const encoder = expositionEncoder(format, writer, { escaping: 'allow-utf-8' });
  const start = writer.position;
  for (const _step of familySteps(family, encoder, POINTS)) {
    checkMemory();
    while (writer.length >= PIECE_BYTES) writer.take();
  }
  // The other formats end with text that does not belong to a family.
  if (format === expositionFormats.protobuf) encoder.end();
  return writer.position - start;
}
