import { ByteWriter } from '../../exposition/bytes/byte-writer.ts';
import { type EncodeOptions, expositionEncoder } from '../../exposition/encode.ts';
import type { Format, FormatEncoder } from '../../exposition/encoding/format.ts';
import type { Encoder } from '../../model/encoder.ts';
import { EventLoopBudget } from '../../model/event-loop-budget.ts';
import type { Gathering } from '../../registry/gathering.ts';

const ROWS_PER_STEP = 32;

/** Shared by all bodies of the process. */
const budget = new EventLoopBudget();

/** Encodes an exposition in one piece without blocking the event loop. `wrap` may put an encoder in front of the format's. */
export async function encodeBody(
  gathering: Gathering,
  format: Format,
  {
    wrap = (encoder) => encoder,
    ...options
  }: EncodeOptions & { readonly wrap?: (encoder: FormatEncoder) => Encoder } = {},
): Promise<Buffer> {
  const writer = new ByteWriter();
  const encoder = expositionEncoder(format, writer, options);
  if (budget.isOver) await budget.wait();
  for (const _step of gathering.steps(wrap(encoder), ROWS_PER_STEP)) if (budget.isOver) await budget.wait();
  encoder.end();
  return writer.take();
}
