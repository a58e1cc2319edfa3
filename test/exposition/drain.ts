import type { PieceBuffer } from '../../src/exposition/bytes/piece-buffer.ts';

/** All available bytes, piece by piece. */
export function takeAll(buffer: PieceBuffer): Buffer {
  const pieces: Buffer[] = [];
  while (buffer.hasPieces) pieces.push(buffer.take());
  return Buffer.concat([...pieces, buffer.take()]);
}
