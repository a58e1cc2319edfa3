import { ByteWriter } from '../../exposition/byte-writer.ts';
import { expositionEncoder } from '../../exposition/encode.ts';
import type { FormatOptions } from '../../exposition/format.ts';
import type { Negotiated } from '../../exposition/negotiate.ts';
import type { Gathering } from '../../registry/gathering.ts';
import type { Piece } from './pieces.ts';

/** The longest that an encoding keeps others waiting. */
const STEP_MS = 4;
const PIECE_BYTES = 256 * 1024;
/** Smaller bodies fit into a packet or two as they are. */
const GZIP_FROM_BYTES = 1400;
/** The level that costs least: a scrape goes over a near network. */
const GZIP = { level: 1 };

export interface BodyOptions extends FormatOptions {
  readonly negotiated: Negotiated;
  /** Told of each family that is left out, or of which something is. */
  readonly onProblem: (problem: Error) => void;
}

/** An exposition in pieces, encoded as they are asked for; other work runs in between. */
export async function* encodedBody(gathering: Gathering, options: BodyOptions): AsyncGenerator<Piece, void, void> {
  const { format, escaping } = options.negotiated;
  const writer = new ByteWriter();
  const encoder = expositionEncoder(format, writer, { ...options, escaping });
  let began = performance.now();
  for (const _step of gathering.steps(encoder)) {
    if (writer.length >= PIECE_BYTES) yield { bytes: writer.take(), isZipped: false, isLast: false };
    if (performance.now() - began < STEP_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    began = performance.now();
  }
  encoder.end();
  yield { bytes: writer.take(), isZipped: false, isLast: true };
}

/** The same compressed, off the event loop; a body that is too small for that stays as it is. */
export async function* zippedBody(body: AsyncGenerator<Piece, void, void>): AsyncGenerator<Piece, void, void> {
  const { value: first } = await body.next();
  if (first === undefined) return;
  if (!first.isLast) yield* streamedZip(first, body);
  else if (first.bytes.length < GZIP_FROM_BYTES) yield first;
  else yield { bytes: await zipped(first.bytes), isZipped: true, isLast: true };
}

async function* streamedZip(first: Piece, rest: AsyncGenerator<Piece, void, void>): AsyncGenerator<Piece, void, void> {
  const [{ createGzip }, { pipeline, Readable }] = await Promise.all([import('node:zlib'), import('node:stream')]);
  const zip = createGzip({ ...GZIP, chunkSize: 64 * 1024 });
  // An error in the one is an error of the other, and ends the loop below.
  pipeline(Readable.from(bytesOf(first, rest), { highWaterMark: 1 }), zip, () => {});
  for await (const bytes of zip) yield { bytes, isZipped: true, isLast: false };
  yield { bytes: Buffer.alloc(0), isZipped: true, isLast: true };
}

async function* bytesOf(first: Piece, rest: AsyncGenerator<Piece, void, void>): AsyncGenerator<Buffer, void, void> {
  yield first.bytes;
  for await (const { bytes } of rest) if (bytes.length > 0) yield bytes;
}

async function zipped(body: Buffer): Promise<Buffer> {
  const { gzip } = await import('node:zlib');
  return new Promise((resolve, reject) => {
    gzip(body, GZIP, (error, bytes) => (error === null ? resolve(bytes) : reject(error)));
  });
}
