/**
 * Parses random and mutated documents with every parser until the time is over: `npm run fuzz -- --seconds 60 --seed
 * 1`. It fails on an exception other than a ParseError, on a slow document and on growing memory, and saves the
 * document in test/parse/regressions/.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readEverything } from '../test/parse/every-parser.ts';
import { generator } from '../test/random.ts';
import { SEEDS } from './fuzz-seeds.ts';

const FOLDER = 'test/parse/regressions';
const SLOW_MS = 2000;
const MAX_GROWTH_BYTES = 200 * 1024 * 1024;

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, seed: { type: 'string', default: String(Date.now() % 1e9) } },
});
const random = generator(Number(values.seed));
const deadline = performance.now() + Number(values.seconds) * 1000;
const TOKENS = ['"', '\\', '\n', '{', '}', ',', '=', '#', ' ', '\t', '\0', '\r', '# TYPE ', '# EOF\n', '+Inf', 'NaN', '1e309', 'st@', '_total', '\ufeff', '😀', '9'.repeat(40)]; // biome-ignore format: a table

let memory = 0;
let rounds = 0;
for (; performance.now() < deadline; rounds++) {
  const document = draw();
  const start = cpuMilliseconds();
  try {
    readEverything(document);
  } catch (error) {
    fail(document, String(error));
  }
  if (cpuMilliseconds() - start > SLOW_MS) fail(document, 'It took too long.');
  if (rounds % 5000 === 4999) checkMemory(document);
}
console.log(`${rounds} documents of seed ${values.seed} read by every parser: nothing but ParseError.`);

function draw(): Buffer {
  if (random(8) === 0) return Buffer.from(Array.from({ length: random(200) }, () => random(256)));
  let document: Buffer = Buffer.from(SEEDS[random(SEEDS.length)] ?? '');
  for (let count = 1 + random(6); count > 0; count--) document = mutate(document);
  return document;
}

function mutate(document: Buffer): Buffer {
  const at = random(document.length + 1);
  const end = Math.min(document.length, at + random(20));
  const [before, between, after] = [document.subarray(0, at), document.subarray(at, end), document.subarray(end)];
  switch (random(6)) {
    case 0:
      return Buffer.concat([before, after]);
    case 1:
      return Buffer.concat([before, between, between, after]);
    case 2:
      return Buffer.concat([before, Buffer.from(TOKENS[random(TOKENS.length)] ?? ''), between, after]);
    case 3:
      return Buffer.concat([before, Buffer.of(random(256)), after]);
    case 4:
      return splice(document, Buffer.from(SEEDS[random(SEEDS.length)] ?? ''));
    default:
      return flip(document, at);
  }
}

function flip(document: Buffer, at: number): Buffer {
  const flipped = Buffer.from(document);
  if (at < flipped.length) flipped[at]! ^= 1 << random(8);
  return flipped;
}

function splice(one: Buffer, other: Buffer): Buffer {
  return Buffer.concat([one.subarray(0, random(one.length + 1)), other.subarray(random(other.length + 1))]);
}

function checkMemory(document: Buffer): void {
  globalThis.gc?.();
  const { heapUsed } = process.memoryUsage();
  if (memory === 0) memory = heapUsed;
  else if (heapUsed - memory > MAX_GROWTH_BYTES) fail(document, `The heap grew to ${heapUsed} bytes.`);
}

/** CPU time of this process, because the machine may be busy. */
function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function fail(document: Buffer, reason: string): never {
  const file = `${FOLDER}/seed-${values.seed}-${rounds}.bin`;
  writeFileSync(file, document);
  throw new Error(`${reason} The document is in ${file}.`);
}
