import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ByteWriter } from '../../exposition/bytes/byte-writer.ts';
import { expositionEncoder } from '../../exposition/encode.ts';
import type { Format, FormatEncoder } from '../../exposition/encoding/format.ts';
import type { Encoder } from '../../model/encoder.ts';
import { EventLoopBudget } from '../../model/event-loop-budget.ts';
import type { CollectorFailure, Gathering } from '../../registry/gathering.ts';

const ROWS_PER_STEP = 32;

/** Shared by all encodings of the process. */
const budget = new EventLoopBudget();

/** Puts an encoder in front of the format's. It passes mistakes of the user to `onMistake`. */
export type WrapEncoder = (encoder: FormatEncoder, onMistake: (mistake: RangeError) => void) => Encoder;

/** An exposition in one piece. */
export interface EncodedBody {
  readonly body: Buffer;
  /** Collectors that failed, and what the format cannot represent. */
  readonly failures: readonly CollectorFailure[];
}

/** Encodes an exposition without blocking the event loop. Rejects with the first mistake. */
export async function encodeBody(gathering: Gathering, format: Format, wrap: WrapEncoder): Promise<EncodedBody> {
  const failures = [...gathering.failures];
  const mistakes: RangeError[] = [];
  const writer = new ByteWriter();
  const encoder = expositionEncoder(format, writer, {
    onProblem: (error) => failures.push({ collector: 'registry', error }),
  });
  await encodeInSteps(
    gathering,
    wrap(encoder, (mistake) => mistakes.push(mistake)),
  );
  encoder.end();
  if (mistakes[0] !== undefined) throw mistakes[0];
  return { body: writer.take(), failures };
}

/** Returns the content of a request, compressed if wanted, and the headers that describe it. */
export async function contentOf(body: Uint8Array, contentType: string, isZipped: boolean) {
  const headers: Readonly<Record<string, string>> = {
    'content-type': contentType,
    ...(isZipped ? { 'content-encoding': 'gzip' } : {}),
  };
  return { body: isZipped ? await promisify(gzip)(body) : body, headers };
}

/** Shows a gathering to an encoder without blocking the event loop. */
export function encodeInSteps(gathering: Gathering, encoder: Encoder): Promise<void> {
  return inSteps(gathering.steps(encoder, ROWS_PER_STEP));
}

/** Does work whose steps are short without blocking the event loop, and returns its result. */
export async function inSteps<T>(steps: Generator<void, T, void>): Promise<T> {
  for (;;) {
    if (budget.isOver) await budget.wait();
    const step = steps.next();
    if (step.done) return step.value;
  }
}
