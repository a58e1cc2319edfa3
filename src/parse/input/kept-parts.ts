/**
 * Adds a part to those of something whose end has not come yet; returns its length. A part joins the one before when it
 * is as long, so that what arrives byte by byte is neither many parts nor copied for each byte.
 */
export function keep<T extends { readonly length: number }>(kept: T[], part: T, concat: (parts: T[]) => T): number {
  kept.push(part);
  while (kept.length > 1 && kept.at(-1)!.length >= kept.at(-2)!.length) kept.push(concat(kept.splice(-2)));
  return part.length;
}
