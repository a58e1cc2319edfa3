import { kindOf } from '../../model/printable.ts';
import type { Format } from './format.ts';

/** Throws a TypeError unless the value, which JavaScript may give, is a format. */
export function checkFormat(name: string, value: Format): void {
  const { contentType, encoder }: Partial<Format> = Object(value);
  if (typeof contentType === 'string' && typeof encoder === 'function') return;
  const shown = typeof value === 'string' ? JSON.stringify(value) : kindOf(value);
  throw new TypeError(`${name} must be a format of zeroprom/exposition, such as openMetrics, got ${shown}.`);
}
