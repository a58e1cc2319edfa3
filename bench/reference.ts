import type { Row } from './compare.ts';

export function referenceRows(_question: string, _case: string, _found: readonly Row[]): Row[] {
  return [];
}
