const ESCAPE = '\u001b';

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 } as const;

export type Style = keyof typeof codes;

/** Applies a style to a text, or returns it unchanged. */
export type Paint = (style: Style | undefined, text: string) => string;

/** Returns a function that applies styles on a terminal, unless `NO_COLOR` is set (https://no-color.org). */
export function paintFor(isTerminal: boolean, env: NodeJS.ProcessEnv): Paint {
  const isPlain = !isTerminal || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  if (isPlain) return (_, text) => text;
  return (style, text) => (style === undefined ? text : `${ESCAPE}[${codes[style]}m${text}${ESCAPE}[0m`);
}

/**
 * Escapes control, format and invisible characters in a line: a metric name must not be able to move the cursor, change
 * colors or reverse the direction of text.
 */
export function escapeInvisible(text: string): string {
  return text.replace(/(?! )[\p{C}\p{Z}]/gu, escaped);
}

/** Like `escapeInvisible()`, but keeps line feeds. */
export function escapeInvisibleLines(text: string): string {
  return text.replace(/(?![ \n])[\p{C}\p{Z}]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
