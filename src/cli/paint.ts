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
 * Text of others as it can be shown: whoever writes a metric's name must not move the cursor, paint the screen or turn
 * the direction of writing.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/gu, (character) => {
    return `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
}
