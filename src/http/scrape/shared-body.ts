import type { Backlog } from './backlog.ts';

/** A part of a body. */
export interface Piece {
  readonly bytes: Buffer;
  readonly isZipped: boolean;
  readonly isLast: boolean;
  /** Called when nobody reads the bytes any more: they may be written again. */
  readonly release: () => void;
}

/** Reads a body from its beginning. Whoever reads no further says `leave()`. */
export interface PieceReader {
  /**
   * The next piece; undefined after the last. The one before must not be read any more: it may change. Rejects where the
   * body cannot be made to its end.
   */
  read(): Promise<Piece | undefined>;
  leave(): void;
}

/**
 * A body that is made once, as far as the fastest of its readers wants it, and read by several. Only what one of them
 * has not read yet is kept. When all have left, it is given up.
 */
export class SharedPieces {
  readonly #source: AsyncGenerator<Piece, void, void>;
  readonly #backlog: Backlog;
  readonly #readers = new Set<SharedReader>();
  /** Those that somebody has not read yet, in order. */
  readonly #pieces: Piece[] = [];
  /** How many were before those. */
  #dropped = 0;
  /** Bytes of all pieces but the last, which the fastest is at. */
  #kept = 0;
  #making: Promise<void> | undefined;
  #isComplete = false;

  constructor(source: AsyncGenerator<Piece, void, void>, backlog: Backlog) {
    this.#source = source;
    this.#backlog = backlog;
  }

  /** One reader for each of these, called where its reader is cut off: those that come later find the beginning gone. */
  readers(cuts: readonly (() => void)[]): PieceReader[] {
    const readers = cuts.map((cut) => new SharedReader(this, cut));
    for (const reader of readers) this.#readers.add(reader);
    return readers;
  }

  /** Cuts off those who are furthest behind. */
  cutSlowest(): void {
    const slowest = this.#slowest();
    for (const reader of this.#readers) {
      if (reader.position === slowest) reader.cutOff();
    }
  }

  /** For readers: the piece at that position, made if it has to be; undefined after the last. */
  async pieceAt(position: number): Promise<Piece | undefined> {
    this.#drop();
    while (position >= this.#dropped + this.#pieces.length && !this.#isComplete) {
      this.#making ??= this.#make();
      await this.#making;
    }
    return this.#pieces[position - this.#dropped];
  }

  /** For readers. */
  leave(reader: SharedReader): void {
    this.#readers.delete(reader);
    this.#drop();
    if (this.#readers.size > 0) return;
    // It may be in the middle of a piece that nobody will see, and fail there.
    this.#source.return().catch(() => {});
  }

  /** Where it fails, it has failed for everybody, and for good. */
  async #make(): Promise<void> {
    const { value } = await this.#source.next();
    this.#making = undefined;
    if (value === undefined) this.#isComplete = true;
    else if (this.#readers.size === 0) value.release();
    else this.#keep(value);
  }

  #keep(piece: Piece): void {
    const { length = 0 } = this.#pieces.at(-1)?.bytes ?? {};
    this.#pieces.push(piece);
    this.#setKept(this.#kept + length);
  }

  #drop(): void {
    const slowest = this.#slowest();
    while (this.#dropped < slowest) {
      const piece = this.#pieces.shift();
      if (piece === undefined) return;
      this.#dropped++;
      piece.release();
      if (this.#pieces.length > 0) this.#setKept(this.#kept - piece.bytes.length);
    }
  }

  #slowest(): number {
    return Math.min(...Array.from(this.#readers, ({ position }) => position));
  }

  #setKept(bytes: number): void {
    this.#kept = bytes;
    this.#backlog.set(this, bytes);
  }
}

class SharedReader implements PieceReader {
  /** Of the piece that it is at; those before it may go. */
  position = -1;
  readonly #pieces: SharedPieces;
  readonly #cut: () => void;
  #hasLeft = false;

  constructor(pieces: SharedPieces, cut: () => void) {
    this.#pieces = pieces;
    this.#cut = cut;
  }

  async read(): Promise<Piece | undefined> {
    if (this.#hasLeft) return undefined;
    this.position++;
    return await this.#pieces.pieceAt(this.position);
  }

  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#pieces.leave(this);
  }

  cutOff(): void {
    this.leave();
    this.#cut();
  }
}
