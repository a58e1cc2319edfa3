/** Answers a conformance runner: one request per line on standard input, one answer per line on standard output. */
import { createInterface } from 'node:readline';
import { operations } from './operations.ts';
import type { Message } from './protojson.ts';

for await (const line of createInterface({ input: process.stdin })) {
  const request: Message = JSON.parse(line);
  const { id, op } = request;
  const operation = Object.hasOwn(operations, String(op)) ? operations[String(op)] : undefined;
  process.stdout.write(`${JSON.stringify({ id, ...(operation?.(request) ?? { skip: true }) })}\n`);
}
