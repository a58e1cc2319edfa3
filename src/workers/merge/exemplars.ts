import type { Exemplar } from '../../model/family.ts';

/** Returns the exemplar of the later observation. */
export function newest(one: Exemplar | undefined, other: Exemplar | undefined): Exemplar | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return (other.timestamp ?? 0) > (one.timestamp ?? 0) ? other : one;
}
