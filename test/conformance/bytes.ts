/** Converts names of the test vectors, whose bytes may be invalid UTF-8; a string holds a lone surrogate for each invalid byte. */

/** Decodes UTF-8; each invalid byte becomes U+DC00 plus that byte, as in Python's `surrogateescape`. */
export function textOf(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const character = [1, 2, 3, 4].map((length) => decoded(bytes.subarray(at, at + length))).find((one) => one !== '');
    text += character ?? String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
    at += character === undefined ? 1 : Buffer.byteLength(character);
  }
  return text;
}

export function bytesOf(text: string): Buffer {
  return Buffer.concat(
    [...text].map((character) =>
      character.isWellFormed() ? Buffer.from(character) : Buffer.from([character.charCodeAt(0) - 0xdc00]),
    ),
  );
}

/** The character that these bytes encode, or an empty string. */
function decoded(bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return [...text].length === 1 ? text : '';
  } catch {
    return '';
  }
}
