import { ByteWriter } from '../../exposition/bytes/byte-writer.ts';
import { expositionEncoder } from '../../exposition/encode.ts';
import type { FormatOptions } from '../../exposition/encoding/format.ts';
import type { FormatOnRequest } from '../../exposition/formats-on-request.ts';
import type { Chosen } from '../../exposition/negotiation.ts';
import { EventLoopBudget } from '../../model/event-loop-budget.ts';
import { asError } from '../../model/thrown.ts';
import type { Gathering } from '../../registry/gathering.ts';
import { BufferPool } from './buffer-pool.ts';
import { type ContentCoding, compressionFor } from './content-coding.ts';
import type { BodyChunk, BodySource } from './shared-body.ts';

/** Size from which a chunk is taken from the writer; it is larger by what one step may add. */
const CHUNK_BYTES = 64 * 1024;
/** Size up to which parts of an incomplete message are kept together: they cannot be sent yet. */
const HELD_BYTES = 112 * 1024;
/** Rows of histograms that are about as large as a chunk. */
const ROWS_PER_STEP = 32;
/** Smaller bodies fit into one or two packets uncompressed. */
const MIN_COMPRESSED_BYTES = 1400;

/** Shared by all bodies of the process. */
const buffers = new BufferPool();
const budget = new EventLoopBudget();

export interface BodyOptions extends FormatOptions {
  readonly negotiated: Chosen<FormatOnRequest>;
  /** Called for each family that is left out in full or in part. */
  readonly onProblem: (problem: Error) => void;
  /** Called with the number of samples that the format forbids. */
  readonly onOmitted: (samples: number) => void;
}

/** Encodes an exposition in chunks, as they are read. Does not block the event loop. */
export async function* encodedBody(gathering: Gathering, options: BodyOptions): BodySource {
  const { format: requested, escaping } = options.negotiated;
  const loading = requested.load();
  const format = 'encoder' in loading ? loading : await loading;
  const writer = new ByteWriter({ allocate: buffers.allocate, pieceBytes: HELD_BYTES });
  const encoder = expositionEncoder(format, writer, { ...options, escaping });
  const take = (isLast: boolean): BodyChunk => {
    const bytes = writer.take();
    return { bytes, coding: undefined, isLast, release: () => buffers.release(bytes) };
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
export async function* compressedBody(body: BodySource, coding: ContentCoding): BodySource {
  try {
    const { value: first } = await body.next();
    if (first === undefined) return;
    if (!first.isLast) yield* compressedStream(first, body, coding);
    else if (first.bytes.length < MIN_COMPRESSED_BYTES) yield first;
    else yield await compressedWhole(first, coding);
  } finally {
    await body.return();
  }
}

async function* compressedStream(first: BodyChunk, rest: BodySource, coding: ContentCoding): BodySource {
  const stream = (await compressionFor(coding)).stream();
  const write = ({ bytes, release }: BodyChunk) =>
    new Promise<void>((resolve, reject) => {
      stream.write(bytes, (error) => {
        release(); // Whether it failed or not, the bytes are not read any more.
        if (error) reject(error);
        else resolve();
      });
    });
  const feed = async () => {
    await write(first);
    for await (const chunk of rest) await write(chunk);
    stream.end();
  };
  // An error while feeding is an error of the stream, and ends the loop below.
  feed().catch((error: unknown) => stream.destroy(asError(error)));
  for await (const bytes of stream) yield compressedChunk(bytes, coding, false);
  yield compressedChunk(Buffer.alloc(0), coding, true);
}

async function compressedWhole({ bytes, release }: BodyChunk, coding: ContentCoding): Promise<BodyChunk> {
  const compression = await compressionFor(coding);
  try {
    return await new Promise((resolve, reject) => {
      compression.compress(bytes, (error, smaller) => {
        if (error) reject(error);
        else resolve(compressedChunk(smaller, coding, true));
      });
    });
  } finally {
    release();
  }
}

function compressedChunk(bytes: Buffer, coding: ContentCoding, isLast: boolean): BodyChunk {
  return { bytes, coding, isLast, release: () => {} };
}
