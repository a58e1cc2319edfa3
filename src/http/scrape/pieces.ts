/** A part of a body. */
export interface Piece {
  readonly bytes: Buffer;
  readonly isZipped: boolean;
  readonly isLast: boolean;
}

/** Reads a body from its beginning. Whoever reads no further says `leave()`. */
export interface PieceReader {
  /** The next piece; undefined after the last. Rejects where the body cannot be made to its end. */
  read(): Promise<Piece | undefined>;
  leave(): void;
}

/**
 * A body that is made once, as far as the fastest of its readers wants it, and read by several. Only what one of them
 * has not read yet is kept. When all have left, it is given up.
 */
export class SharedPieces {
  readonly #source: AsyncGenerator<Piece, void, void>;
  #readers = 0;

  constructor(source: AsyncGenerator<Piece, void, void>) {
    this.#source = source;
  }

  /** As many readers as there will be: a later one would have to be given what others have read long ago. */
  readers(count: number): PieceReader[] {
    this.#readers = count;
    const start = new Link(this.#source, undefined);
    return Array.from({ length: count }, () => new LinkReader(start, () => this.#leave()));
  }

  #leave(): void {
    if (--this.#readers > 0) return;
    // It may be in the middle of a piece that nobody will see, and fail there.
    this.#source.return().catch(() => {});
  }
}

/** A piece that knows how to get the next. Those before it are not known, and so not kept. */
class Link {
  readonly piece: Piece | undefined;
  readonly #source: AsyncGenerator<Piece, void, void>;
  #next: Promise<Link | undefined> | undefined;

  constructor(source: AsyncGenerator<Piece, void, void>, piece: Piece | undefined) {
    this.#source = source;
    this.piece = piece;
  }

  next(): Promise<Link | undefined> {
    this.#next ??= this.#source
      .next()
      .then(({ value }) => (value === undefined ? undefined : new Link(this.#source, value)));
    return this.#next;
  }
}

class LinkReader implements PieceReader {
  #link: Link | undefined;
  readonly #onLeave: () => void;
  #hasLeft = false;

  constructor(link: Link, onLeave: () => void) {
    this.#link = link;
    this.#onLeave = onLeave;
  }

  async read(): Promise<Piece | undefined> {
    this.#link = await this.#link?.next();
    return this.#link?.piece;
  }

  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#link = undefined;
    this.#onLeave();
  }
}
