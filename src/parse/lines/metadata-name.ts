import type { ParseSettings } from '../input/options.ts';
import { type Cursor, QUOTE } from './byte-cursor.ts';
import type { Grammar } from './grammar.ts';

/** Reads the name in a HELP, TYPE or UNIT line. A server does not mind if it is empty or not UTF-8, which no sample's name is. */
export function readMetadataName(cursor: Cursor, grammar: Grammar, settings: ParseSettings): string {
  if (cursor.code() !== QUOTE) return cursor.metricName(settings.maxNameLength);
  const start = cursor.at++;
  const { lineFeedInName, anyEscape, nulInName, anyMetadataName } = grammar;
  const name = cursor.quotedBytes(lineFeedInName, anyEscape);
  const isName = name !== '' && cursor.isText(start, cursor.at);
  if (!nulInName && name.includes('\0')) cursor.fail('a name without NUL', start);
  if (name.length > settings.maxNameLength) cursor.fail(`a name of at most ${settings.maxNameLength} bytes`, start);
  return isName || anyMetadataName ? name : cursor.fail('a metric name', start);
}
