/** Documents and the results of Prometheus' parsers, stored for tests on machines without Go. */
import { readFileSync } from 'node:fs';
import type { FormatName, Stored } from './oracle.ts';

export const VECTORS = 'test/parse/textparse-vectors.jsonl';

export interface Vector {
  readonly format: FormatName;
  /** The document, or its bytes in base64 if it is not UTF-8. */
  readonly text?: string;
  readonly base64?: string;
  readonly stored: Stored;
}

export function vectorOf(document: Buffer, format: FormatName, stored: Stored): Vector {
  const text = document.toString();
  const isText = format !== 'protobuf' && Buffer.from(text).equals(document);
  return isText ? { format, text, stored } : { format, base64: document.toString('base64'), stored };
}

export function readVectors(): Vector[] {
  const lines = readFileSync(VECTORS, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

export function documentOf({ text, base64 }: Vector): Buffer {
  return text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text);
}
