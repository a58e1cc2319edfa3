import { ByteWriter } from '../../exposition/bytes/byte-writer.ts';
import { expositionEncoder } from '../../exposition/encode.ts';
import type { FormatOptions } from '../../exposition/encoding/format.ts';
import type { Negotiated } from '../../exposition/negotiate.ts';
import { EventLoopBudget } from '../../model/event-loop-budget.ts';
import { asError } from '../../model/thrown.ts';
import type { Gathering } from '../../registry/gathering.ts';
import { BufferPool } from './buffer-pool.ts';
import type { BodyChunk, BodySource } from './shared-body.ts';

/** Size from which a chunk is taken from the writer; it is larger by what one step may add. */
const CHUNK_BYTES = 64 * 1024;
/** Size up to which parts of an incomplete message are kept together: they cannot be sent yet. */
const HELD_BYTES = 112 * 1024;
/** Rows of histograms that are about as large as a chunk. */
const ROWS_PER_STEP = 32;
/** Smaller bodies fit into one or two packets uncompressed. */
const MIN_GZIP_BYTES = 1400;
/** The cheapest level: scrapes usually stay in the local network. */
const GZIP = { level: 1 };

/** Shared by all bodies of the process. */
const buffers = new BufferPool();
const budget = new EventLoopBudget();

export interface BodyOptions extends FormatOptions {
  readonly negotiated: Negotiated;
  /** Called for each family that is left out in full or in part. */
  readonly onProblem: (problem: Error) => void;
  /** Called with the number of samples that the format forbids. */
  readonly onOmitted: (samples: number) => void;
}

/** Encodes an exposition in chunks, as they are read. Does not block the event loop. */
export async function* encodedBody(gathering: Gathering, options: BodyOptions): BodySource {
  const { format, escaping } = options.negotiated;
  const writer = new ByteWriter({ allocate: buffers.allocate, pieceBytes: HELD_BYTES });
  const encoder = expositionEncoder(format, writer, { ...options, escaping });
  const take = (isLast: boolean): BodyChunk => {
    const bytes = writer.take();
    return { bytes, isZipped: false, isLast, release: () => buffers.release(bytes) };
  };
  buffers.addUser();
  try {
    if (budget.isOver) await budget.wait();
    for (const _step of gathering.steps(encoder, ROWS_PER_STEP)) {
      while (writer.length >= CHUNK_BYTES) yield take(false);
      if (budget.isOver) await budget.wait();
    }
    encoder.end();
    while (writer.hasPieces) yield take(false);
    yield take(true);
  } finally {
    buffers.removeUser();
  }
}

/** Compresses a body off the event loop. Leaves it as it is if it is small. */
export async function* zippedBody(body: BodySource): BodySource {
  try {
    const { value: first } = await body.next();
    if (first === undefined) return;
    if (!first.isLast) yield* streamedZip(first, body);
    else if (first.bytes.length < MIN_GZIP_BYTES) yield first;
    else yield await zipped(first);
  } finally {
    await body.return();
  }
}

async function* streamedZip(first: BodyChunk, rest: BodySource): BodySource {
  const { createGzip } = await import('node:zlib');
  const zip = createGzip({ ...GZIP, chunkSize: 32 * 1024 });
  const write = ({ bytes, release }: BodyChunk) =>
    new Promise<void>((resolve, reject) => {
      zip.write(bytes, (error) => {
        release(); // Whether it failed or not, the bytes are not read any more.
        if (error) reject(error);
        else resolve();
      });
    });
  const feed = async () => {
    await write(first);
    for await (const chunk of rest) await write(chunk);
    zip.end();
  };
  // An error while feeding is an error of the stream, and ends the loop below.
  feed().catch((error: unknown) => zip.destroy(asError(error)));
  for await (const bytes of zip) yield zippedChunk(bytes, false);
  yield zippedChunk(Buffer.alloc(0), true);
}

async function zipped({ bytes, release }: BodyChunk): Promise<BodyChunk> {
  const { gzip } = await import('node:zlib');
  try {
    return await new Promise((resolve, reject) => {
      gzip(bytes, GZIP, (error, smaller) => (error === null ? resolve(zippedChunk(smaller, true)) : reject(error)));
    });
  } finally {
    release();
  }
}

function zippedChunk(bytes: Buffer, isLast: boolean): BodyChunk {
  return { bytes, isZipped: true, isLast, release: () => {} };
}
