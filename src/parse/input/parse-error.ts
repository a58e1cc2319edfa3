const EXCERPT_LENGTH = 80;

/** Position and text of an error in a document. */
export interface ParseErrorDetails {
  /** Number of the line, from 1; in protobuf, of the message. */
  readonly line: number;
  /** Position in the line, from 1, in UTF-16 units; in protobuf, in bytes of the message. */
  readonly column: number;
  /** The invalid text; only its beginning is kept. */
  readonly text: string;
  /** Expected text or rule: completes "expected ...". */
  readonly expected: string;
  /**
   * Whether the document is protobuf.
   *
   * @defaultValue `false`
   */
  readonly isBinary?: boolean;
}

/** An error in a document: it violates its format, or Prometheus would reject it. */
export class ParseError extends Error {
  /** Number of the line, from 1; in protobuf, of the message. */
  readonly line: number;
  /** Position in the line, from 1, in UTF-16 units; in protobuf, in bytes of the message. */
  readonly column: number;
  /** The invalid text, at most 80 characters. */
  readonly text: string;
  /** Expected text or rule: completes "expected ...". */
  readonly expected: string;

  /** Creates an error whose message has the place, the expected text and an excerpt of the invalid text. */
  constructor({ line, column, text, expected, isBinary = false }: ParseErrorDetails) {
    const excerpt = text.slice(0, EXCERPT_LENGTH).toWellFormed();
    const place = isBinary ? `Message ${line}, byte ${column}` : `Line ${line}, column ${column}`;
    const found = excerpt === '' ? '' : `, found ${JSON.stringify(excerpt)}`;
    super(visible(`${place}: expected ${expected}${found}.`));
    this.name = 'ParseError';
    this.line = line;
    this.column = column;
    this.text = excerpt;
    this.expected = expected;
  }
}

/** Escapes invisible characters, such as a byte order mark or a no-break space, and control characters. */
function visible(message: string): string {
  return message.replace(/(?! )[\p{C}\p{Z}]/gu, (character) => {
    const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}

/** Throws for a line that is syntactically valid but breaks a rule. */
export function failAt(line: number, text: string, expected: string): never {
  throw new ParseError({ line, column: 1, text, expected });
}
