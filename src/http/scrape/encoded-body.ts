import { ByteWriter } from '../../exposition/bytes/byte-writer.ts';
import { expositionEncoder } from '../../exposition/encode.ts';
import type { FormatOptions } from '../../exposition/encoding/format.ts';
import type { Negotiated } from '../../exposition/negotiate.ts';
import { asError } from '../../model/thrown.ts';
import type { Gathering } from '../../registry/gathering.ts';
import { ChunkPool } from './chunk-pool.ts';
import { Turns } from './event-loop-budget.ts';
import type { Piece } from './shared-body.ts';

/** A piece is taken when it has this size, and is larger by what one step may add. */
const PIECE_BYTES = 64 * 1024;
/** Of a message that is not whole yet more may be together, as nobody waits for it. */
const HELD_BYTES = 112 * 1024;
/** Of histograms a step of so many rows is about as large as a piece. */
const ROWS_PER_STEP = 32;
/** Smaller bodies fit into a packet or two as they are. */
const GZIP_FROM_BYTES = 1400;
/** The level that costs least: a scrape goes over a near network. */
const GZIP = { level: 1 };

/** What all bodies of the process are made in, and by turns. */
const chunks = new ChunkPool();
const turns = new Turns();

export interface BodyOptions extends FormatOptions {
  readonly negotiated: Negotiated;
  /** Told of each family that is left out, or of which something is. */
  readonly onProblem: (problem: Error) => void;
  /** Called with a number of samples that the format forbids. */
  readonly onOmitted: (samples: number) => void;
}

/** An exposition in pieces, encoded as they are asked for; other work runs in between. */
export async function* encodedBody(gathering: Gathering, options: BodyOptions): AsyncGenerator<Piece, void, void> {
  const { format, escaping } = options.negotiated;
  const writer = new ByteWriter({ allocate: chunks.allocate, pieceBytes: HELD_BYTES });
  const encoder = expositionEncoder(format, writer, { ...options, escaping });
  const take = (isLast: boolean): Piece => {
    const bytes = writer.take();
    return { bytes, isZipped: false, isLast, release: () => chunks.release(bytes) };
  };
  chunks.enter();
  try {
    if (turns.isOver) await turns.wait();
    for (const _step of gathering.steps(encoder, ROWS_PER_STEP)) {
      while (writer.length >= PIECE_BYTES) yield take(false);
      if (turns.isOver) await turns.wait();
    }
    encoder.end();
    while (writer.hasPieces) yield take(false);
    yield take(true);
  } finally {
    chunks.leave();
  }
}

/** The same compressed, off the event loop; a body that is too small for that stays as it is. */
export async function* zippedBody(body: AsyncGenerator<Piece, void, void>): AsyncGenerator<Piece, void, void> {
  try {
    const { value: first } = await body.next();
    if (first === undefined) return;
    if (!first.isLast) yield* streamedZip(first, body);
    else if (first.bytes.length < GZIP_FROM_BYTES) yield first;
    else yield await zipped(first);
  } finally {
    await body.return();
  }
}

async function* streamedZip(first: Piece, rest: AsyncGenerator<Piece, void, void>): AsyncGenerator<Piece, void, void> {
  const { createGzip } = await import('node:zlib');
  const zip = createGzip({ ...GZIP, chunkSize: 32 * 1024 });
  const write = ({ bytes, release }: Piece) =>
    new Promise<void>((resolve, reject) => {
      zip.write(bytes, (error) => {
        release(); // It is not read any more, whether or not that went well.
        if (error) reject(error);
        else resolve();
      });
    });
  const feed = async () => {
    await write(first);
    for await (const piece of rest) await write(piece);
    zip.end();
  };
  // An error in the one is an error of the other, and ends the loop below.
  feed().catch((error: unknown) => zip.destroy(asError(error)));
  for await (const bytes of zip) yield zippedPiece(bytes, false);
  yield zippedPiece(Buffer.alloc(0), true);
}

async function zipped({ bytes, release }: Piece): Promise<Piece> {
  const { gzip } = await import('node:zlib');
  try {
    return await new Promise((resolve, reject) => {
      gzip(bytes, GZIP, (error, smaller) => (error === null ? resolve(zippedPiece(smaller, true)) : reject(error)));
    });
  } finally {
    release();
  }
}

function zippedPiece(bytes: Buffer, isLast: boolean): Piece {
  return { bytes, isZipped: true, isLast, release: () => {} };
}
