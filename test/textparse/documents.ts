/** Valid, invalid and corrupted documents. */

import { pick, type Random } from '../random.ts';
import { drawLines } from './line-documents.ts';
import { drawMessages } from './message-documents.ts';
import type { FormatName } from './oracle.ts';

const TOKENS = ['"', '\\', '\n', '{', '}', ',', '=', '#', ' ', '\t', '\0', '\r', ':', '[', ']', '# TYPE ', '# EOF\n', '+Inf', 'NaN', '1e309', '-0', '0x1p4', '1_0', ' st@', '_total', '_created', '\ufeff', 'ü', '😀', 'le="1"', '__name__']; // biome-ignore format: a table

/** Two of three documents are unchanged; the others are corrupted by a few changes. */
export function drawDocument(format: FormatName, random: Random): Buffer {
  let document = format === 'protobuf' ? drawMessages(random) : Buffer.from(drawLines(format, random));
  if (random(3) > 0) return document;
  for (let count = 1 + random(3); count > 0; count--) document = spoil(document, random);
  return document;
}

function spoil(document: Buffer, random: Random): Buffer {
  const at = random(document.length + 1);
  const end = Math.min(document.length, at + random(8));
  const [before, between, after] = [document.subarray(0, at), document.subarray(at, end), document.subarray(end)];
  switch (random(7)) {
    case 0:
      return Buffer.concat([before, after]);
    case 1:
      return Buffer.concat([before, between, between, after]);
    case 2:
    case 3:
      return Buffer.concat([before, Buffer.from(pick(random, TOKENS)), between, after]);
    case 4:
      return Buffer.concat([before, Buffer.of(random(256)), after]);
    case 5:
      return flip(document, at, random);
    default:
      return moveLine(document, random);
  }
}

function flip(document: Buffer, at: number, random: Random): Buffer {
  const flipped = Buffer.from(document);
  if (at < flipped.length) flipped[at]! ^= 1 << random(8);
  return flipped;
}

function moveLine(document: Buffer, random: Random): Buffer {
  const lines = document.toString('latin1').split('\n');
  const [line = ''] = lines.splice(random(lines.length), 1);
  lines.splice(random(lines.length), random(2), line);
  return Buffer.from(lines.join('\n'), 'latin1');
}
