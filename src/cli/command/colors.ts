const ESCAPE = '\u001b';

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 } as const;

export type Style = keyof typeof codes;

/** Gives a text a style, or leaves it plain. */
export type Paint = (style: Style | undefined, text: string) => string;

/** Plain where nobody sees colours or nobody wants them (https://no-color.org). */
export function paintFor(isTerminal: boolean, env: NodeJS.ProcessEnv): Paint {
  const isPlain = !isTerminal || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  if (isPlain) return (_, text) => text;
  return (style, text) => (style === undefined ? text : `${ESCAPE}[${codes[style]}m${text}${ESCAPE}[0m`);
}

/**
 * A text on one line as it can be shown: a metric's name must neither move the cursor, paint the screen or turn the
 * direction of writing, nor hold what cannot be seen, as a byte order mark or a blank that is not one.
 */
export function printable(text: string): string {
  return text.replace(/(?! )[\p{C}\p{Z}]/gu, escaped);
}

/** A text of several lines as it can be shown. */
export function printableLines(text: string): string {
  return text.replace(/(?![ \n])[\p{C}\p{Z}]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
