import { ByteWriter } from '../../exposition/bytes/byte-writer.ts';
import { expositionEncoder } from '../../exposition/encode.ts';
import type { Escaping } from '../../exposition/encoding/escaping.ts';
import type { EncoderOptions } from '../../exposition/encoding/format.ts';
import { type FamilySnapshot, snapshotOf } from '../../exposition/snapshot/snapshot.ts';
import { encodeFamily, familySteps } from '../../model/encoder.ts';
import type { MetricFamily, Sample } from '../../model/family.ts';
import { expositionFormats, type FormatName } from '../input/format-names.ts';
import { checkMemory } from '../input/memory-limit.ts';
import { EncodedSizes, PIECE_BYTES, POINTS } from './encoded-sizes.ts';

export interface PieceOptions extends EncoderOptions {
  readonly escaping: Escaping;
}

/** Encodes families piece by piece, so that neither the exposition nor a family is in memory as a whole. */
export function* encodedPieces(
  families: Iterable<MetricFamily>,
  format: FormatName,
  options: PieceOptions,
): Iterable<Uint8Array> {
  if (format === 'json') {
    yield* jsonPieces(families, options);
    return;
  }
  let current: MetricFamily | undefined;
  const messageLength = (): number => (current === undefined ? 0 : messageLengthOf(current, format, options));
  const writer = new ByteWriter({ pieceBytes: PIECE_BYTES, messageLength });
  const encoder = expositionEncoder(expositionFormats[format], writer, options);
  for (const family of families) {
    current = family;
    for (const _step of familySteps(family, encoder, POINTS)) {
      checkMemory();
      while (writer.length >= PIECE_BYTES) yield writer.take();
    }
  }
  encoder.end();
  while (writer.length > 0) yield writer.take();
}

/** Writes a family once more, because the length of its message comes first. */
function messageLengthOf(family: MetricFamily, format: Exclude<FormatName, 'json'>, options: PieceOptions): number {
  // The encoder that writes the family reports what is left out.
  const unreported = { ...options, onProblem: undefined, onOmitted: undefined };
  return new EncodedSizes(expositionFormats[format], unreported).ofLongMessage(family);
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
