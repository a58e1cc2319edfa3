import { ByteWriter } from '../exposition/bytes/byte-writer.ts';
import { expositionEncoder } from '../exposition/encode.ts';
import type { Escaping } from '../exposition/encoding/escaping.ts';
import type { EncoderOptions, FormatEncoder } from '../exposition/encoding/format.ts';
import { type FamilySnapshot, snapshotOf } from '../exposition/snapshot/snapshot.ts';
import { encodeFamily, familySteps } from '../model/encoder.ts';
import type { MetricFamily, Sample } from '../model/family.ts';
import { expositionFormats, type FormatName } from './format-names.ts';
import { checkMemory } from './memory.ts';

/** So many points are encoded at a time, and so many bytes are a piece. */
const POINTS = 256;
const PIECE_BYTES = 64 * 1024;

export interface EncodeOptions extends EncoderOptions {
  readonly escaping: Escaping;
}

/** Families in a format, piece by piece: neither the exposition nor a family is in memory as a whole, but in protobuf. */
export function* encodedPieces(
  families: Iterable<MetricFamily>,
  format: FormatName,
  options: EncodeOptions,
): Iterable<Uint8Array> {
  if (format === 'json') {
    yield* jsonPieces(families, options);
    return;
  }
  const writer = new ByteWriter({ pieceBytes: PIECE_BYTES });
  const encoder = expositionEncoder(expositionFormats[format], writer, options);
  for (const family of families) yield* familyPieces(family, encoder, writer);
  encoder.end();
  yield* restOf(writer);
}

/** What the encoder makes of a family, apart from what it makes at the next. */
export function* familyPieces(family: MetricFamily, encoder: FormatEncoder, writer: ByteWriter): Iterable<Uint8Array> {
  for (const _step of familySteps(family, encoder, POINTS)) {
    checkMemory();
    while (writer.length >= PIECE_BYTES) yield writer.take();
  }
  yield* restOf(writer);
}

function* restOf(writer: ByteWriter): Iterable<Uint8Array> {
  do yield writer.take();
  while (writer.hasPieces);
}

/** As `JSON.stringify()` writes snapshots with an indentation of two. */
function* jsonPieces(families: Iterable<MetricFamily>, options: EncodeOptions): Iterable<Uint8Array> {
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

/** Nothing for a family that is left out. */
function* snapshotPieces(family: MetricFamily, options: EncodeOptions): Iterable<string> {
  let before = '';
  for (const { points, ...descriptor } of partsOf(family, options)) {
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

/** Snapshots of the family with some of its points each. */
function* partsOf(family: MetricFamily, { onProblem = () => {} }: EncodeOptions): Iterable<FamilySnapshot> {
  let isReported = false;
  const onFirstProblem = (problem: Error) => {
    if (!isReported) onProblem(problem);
    isReported = true;
  };
  for (const points of batches(family.points)) {
    const part = { ...family, points } as MetricFamily; // Points of its own.
    yield* snapshotOf({ encode: (encoder) => encodeFamily(part, encoder) }, onFirstProblem);
  }
}

/** One at least, which may be empty. */
function* batches(samples: Iterable<Sample>): Iterable<Sample[]> {
  let batch: Sample[] = [];
  for (const sample of samples) {
    if (batch.length === POINTS) {
      yield batch;
      batch = [];
    }
    batch.push(sample);
  }
  yield batch;
}
