import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isLong, sized } from '../../long.ts';
import { double, field, integer, varint } from '../../parse/protobuf/wire.ts';
import { type Ended, folderOf, startZeroprom, zeroprom } from '../zeroprom.ts';

const SIZE = sized(2 ** 18, 2 ** 21);
/** Documented maximum (docs/cli.md), and the maximum for inputs with different formats. */
const BYTES_PER_BYTE = 200;
const BYTES_PER_BYTE_OF_TWO_FORMATS = 300;
/** Memory of the process before it reads anything, and the young generation of the heap. */
const BASE_BYTES = 250 * 2 ** 20;

/** Documents of about the given size that expand to as much memory as possible. */
const bombs: Readonly<Record<string, (size: number) => Buffer>> = {
  'equal lines': (size) => Buffer.alloc(size, 'a 1\n'),
  'one line': (size) => Buffer.alloc(size, 'a'),
  'one label value': (size) => Buffer.concat([Buffer.from('a{b="'), Buffer.alloc(size, 'x')]),
  'broken lines': (size) => Buffer.alloc(size, '{\n'),
  families: (size) => numbered(size, (index) => `q${index} 1\n`),
  types: (size) => numbered(size, (index) => `# TYPE q${index} counter\n`),
  series: (size) => numbered(size, (index) => `a{b="${index}"} 1\n`),
  'label names': (size) => numbered(size, (index) => `a{l${index}="1"} 1\n`),
  labels: (size) =>
    Buffer.alloc(size, `a{${Array.from({ length: 4000 }, (_, index) => `l${index}="1"`).join(',')}} 1\n`),
  buckets: (size) =>
    Buffer.concat([Buffer.from('# TYPE a histogram\n'), numbered(size, (index) => `a_bucket{le="${index}"} 1\n`)]),
  'families of protobuf': (size) => Buffer.alloc(size, delimited([...field(1, 'a'), ...integer(3, 1)])),
  'metrics of protobuf': (size) => family(field(4, field(2, double(1, 1))), size),
  'labels of protobuf': (size) => family(field(4, Array(2000).fill(field(1, [])).flat()), size),
  'buckets of protobuf': (size) => family(field(4, field(7, field(13, Array(2 ** 17).fill(0)))), size),
  'numbers of JSON': (size) => Buffer.alloc(size, '[1,'.padEnd(9, '1,')),
  'families of JSON': (size) => list('{"name":"a","help":"","type":"gauge","points":[]}', size),
  'points of JSON': (size) =>
    Buffer.from(`[{"name":"a","help":"","type":"gauge","points":${list('{"value":1}', size)}}]`),
  'brackets of JSON': (size) => Buffer.alloc(size, '['),
};

function numbered(size: number, lineOf: (index: string) => string): Buffer {
  const lines: string[] = [];
  for (let length = 0, index = 0; length < size; index++) {
    const line = lineOf(index.toString(36));
    lines.push(line);
    length += line.length;
  }
  return Buffer.from(lines.join(''));
}

function delimited(message: readonly number[]): Buffer {
  return Buffer.from([...varint(message.length), ...message]);
}

/** Returns a family that repeats a metric. */
function family(metric: readonly number[], size: number): Buffer {
  const head = Buffer.from([...field(1, 'a'), ...integer(3, 1)]);
  const metrics = Buffer.alloc(Math.floor(size / metric.length) * metric.length, Buffer.from(metric));
  return Buffer.concat([Buffer.from(varint(head.length + metrics.length)), head, metrics]);
}

function list(item: string, size: number): Buffer {
  return Buffer.from(
    `[${Array(Math.floor(size / (item.length + 1)))
      .fill(item)
      .join(',')}]`,
  );
}

function formatOf(name: string): string {
  if (name.endsWith('JSON')) return 'json';
  return name.endsWith('protobuf') ? 'protobuf' : 'text';
}

const commands = ['check', 'scrape', 'convert', 'diff'] as const;
const argumentsOf = { check: [], scrape: ['--top=3'], convert: ['--to=text-1.0.0'], diff: [] };

interface Measured extends Ended {
  /** Peak resident memory of the process in bytes. */
  readonly peak: number;
}

/** Runs a command on a gzip-compressed document in a process with the given heap limit in MiB. */
async function measure(
  t: TestContext,
  name: string,
  command: (typeof commands)[number],
  size: number,
  heap: number,
): Promise<Measured> {
  const path = folderOf(t, { bomb: gzipSync(bombs[name]!(size)) });
  const inputs = Array(command === 'diff' ? 2 : 1).fill(path('bomb'));
  return run(t, [command, `--from=${formatOf(name)}`, ...argumentsOf[command], ...inputs], heap);
}

/** Runs a command line in a process with the given heap limit in MiB. */
async function run(t: TestContext, args: readonly string[], heap: number): Promise<Measured> {
  const report = 'process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS))';
  const child = startZeroprom(t, args, {
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --max-old-space-size=${heap} --import=data:text/javascript,${encodeURIComponent(report)}`,
  });
  const code = await child.ended;
  const [, stderr = '', peak] = /^(.*)\npeak (\d+)$/s.exec(child.stderr()) ?? [];
  return { code, stdout: child.stdout(), stderr, peak: Number(peak) * 1024 };
}

/** Exit codes for inputs that cannot be read. */
const errorCodes = { check: 1, scrape: 1, convert: 1, diff: 2 };

/** Documents that take the most memory for each byte: all commands are tested with them. */
const densest = isLong
  ? ['families', 'families of protobuf', 'metrics of protobuf', 'points of JSON']
  : ['points of JSON'];

for (const name of Object.keys(bombs)) {
  for (const command of densest.includes(name) ? commands : (['check'] as const)) {
    test(`${command} takes at most ${BYTES_PER_BYTE} bytes per decompressed byte for ${name}`, async (t) => {
      const { code, peak } = await measure(t, name, command, SIZE, 4096);
      const size = SIZE * (command === 'diff' ? 2 : 1);
      assert.ok(typeof code === 'number' && code <= 3, `it ended with ${code}`);
      assert.ok(peak < BASE_BYTES + BYTES_PER_BYTE * size, `${Math.round(peak / 2 ** 20)} MiB`);
    });
  }
}

test(`diff takes at most ${BYTES_PER_BYTE_OF_TWO_FORMATS} bytes per decompressed byte between two formats`, async (t) => {
  const size = sized(2 ** 16, SIZE);
  const text = bombs['families']!(size);
  const path = folderOf(t, {
    text: gzipSync(text),
    openmetrics: gzipSync(Buffer.concat([text, Buffer.from('# EOF\n')])),
  });
  const { code, stdout, peak } = await run(t, ['diff', path('text'), path('openmetrics')], 4096);
  assert.deepEqual([code, stdout], [0, '']);
  assert.ok(peak < BASE_BYTES + BYTES_PER_BYTE_OF_TWO_FORMATS * 2 * size, `${Math.round(peak / 2 ** 20)} MiB`);
});

for (const name of isLong ? ['families', 'metrics of protobuf', 'points of JSON'] : ['points of JSON']) {
  for (const command of commands) {
    test(`${command} reports that a document of ${name} does not fit into the heap`, async (t) => {
      const { code, stderr } = await measure(t, name, command, 4 * SIZE, 100);
      assert.match(
        stderr,
        /bomb needs more memory than the heap limit of \d+ MiB; raise it with NODE_OPTIONS=--max-old-space-size=MIB\.\n$/,
      );
      assert.equal(code, errorCodes[command]);
    });
  }
}

for (const command of commands) {
  test(`${command} rejects inputs whose decompressed size exceeds --max-size`, async (t) => {
    const path = folderOf(t, { bomb: gzipSync(Buffer.alloc(2 ** 22, 'a 1\n')) });
    const inputs = Array(command === 'diff' ? 2 : 1).fill(path('bomb'));
    const { code, stderr } = await zeroprom([command, '--max-size=1MiB', ...argumentsOf[command], ...inputs]);
    assert.equal(code, errorCodes[command]);
    assert.match(stderr, /bomb is larger than 1048576 bytes \(decompressed\); raise the limit with --max-size\.\n$/);
  });
}
