import type { CompositeValue } from './composite-value.ts';
import type { Cursor } from './cursor.ts';

export function readComposite(cursor: Cursor): CompositeValue {
  return cursor.fail('a number');
}
