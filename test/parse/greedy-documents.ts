/** Documents with a few bytes for each item that a parser must keep: names, points, labels, buckets, exemplars. */

export type GreedyFormat = 'text' | 'openmetrics' | 'openmetrics-2' | 'protobuf' | 'json';

export interface GreedyDocument {
  readonly what: string;
  readonly format: GreedyFormat;
  /** Creates the document with about this many bytes. */
  readonly make: (bytes: number) => Buffer;
}

const FIRST_LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_';
const LETTERS = `${FIRST_LETTERS}0123456789`;

/** The shortest possible names. */
export function shortName(index: number): string {
  let name = FIRST_LETTERS.charAt(index % FIRST_LETTERS.length);
  for (let rest = Math.floor(index / FIRST_LETTERS.length); rest > 0; rest = Math.floor(rest / LETTERS.length)) {
    name += LETTERS.charAt(rest % LETTERS.length);
  }
  return name;
}

type Line = (index: number) => string;

const text = (what: string, line: Line, head = '') => ofLines(what, 'text', line, head);
const openMetrics = (what: string, line: Line, head = '') => ofLines(what, 'openmetrics', line, head, '# EOF\n');
const openMetrics2 = (what: string, line: Line, head = '') => ofLines(what, 'openmetrics-2', line, head, '# EOF\n');

function ofLines(what: string, format: GreedyFormat, line: Line, head: string, tail = ''): GreedyDocument {
  const make = (bytes: number) => {
    const parts = [Buffer.from(head)];
    for (let index = 0, length = 0; length < bytes; index++)
      length += parts[parts.push(Buffer.from(line(index))) - 1]!.length;
    return Buffer.concat([...parts, Buffer.from(tail)]);
  };
  return { what, format, make };
}

/** Enough elements for a line of a hundred thousand bytes. */
const many = (element: Line) => {
  const parts: string[] = [];
  for (let length = 0; length < 100_000; ) length += parts[parts.push(element(parts.length)) - 1]!.length + 1;
  return parts;
};
const composite = (fields: string) => (index: number) => `h{a="${index}"} {count:0,sum:0,${fields}}\n`;
const HISTOGRAM = '# TYPE h histogram\n';
const LABELS = Array.from({ length: 4000 }, (_, index) => `${shortName(index)}1="1"`).join();

const LINES: readonly GreedyDocument[] = [
  text('one series again and again', () => 'a 1\n'),
  text('fractional numbers', () => 'a 1.5\n'),
  text('integers of 64 bits', () => 'a 9007199254740993\n'),
  text('times', (index) => `a 1 ${index}\n`),
  text('series', (index) => `a{b="${index.toString(36)}"} 1\n`),
  text('families', (index) => `${shortName(index)} 1\n`),
  text('TYPE lines', (index) => `# TYPE ${shortName(index)} gauge\n`),
  text('HELP lines', (index) => `# HELP ${shortName(index)} \n`),
  text('types of histograms', (index) => `# TYPE ${shortName(index)} histogram\n`),
  text('histograms', (index) => `# TYPE ${shortName(index)} histogram\n${shortName(index)}_sum 1\n`),
  text('summaries', (index) => `# TYPE ${shortName(index)} summary\n${shortName(index)}_sum 1\n`),
  text('sums of histograms', (index) => `h_sum{a="${index.toString(36)}"} 1\n`, HISTOGRAM),
  text('histograms of a bucket', (index) => `h_bucket{a="${index.toString(36)}",le="1"} 1\n`, HISTOGRAM),
  text('sums of summaries', (index) => `s_sum{a="${index.toString(36)}"} 1\n`, '# TYPE s summary\n'),
  text('buckets', (index) => `h_bucket{le="${index}"} ${index}\n`, HISTOGRAM),
  text('quantiles', (index) => `s{quantile="${index}"} 1\n`, '# TYPE s summary\n'),
  text('labels', () => `a{${Array.from({ length: 4000 }, (_, index) => `${shortName(index)}="${index}"`).join()}} 1\n`),
  text(
    'labels without value',
    () => `a{${Array.from({ length: 200 }, (_, index) => `${shortName(index)}=""`).join()}} 1\n`,
  ),
  text('names of labels', (index) => `a{${shortName(index)}="1"} 1\n`),
  text('one line', () => `a{b="${'x'.repeat(3_900_000)}"} 1\n`),
  openMetrics('one series again and again', () => 'a 1\n'),
  openMetrics('series', (index) => `a{b="${index.toString(36)}"} 1\n`),
  openMetrics('families', (index) => `${shortName(index)} 1\n`),
  openMetrics('types of counters', (index) => `# TYPE ${shortName(index)} counter\n`),
  openMetrics('times in nanoseconds', (index) => `a 1 ${1e9 + index}.123456789\n`),
  openMetrics('exemplars', () => 'c_total 1 # {} 1\n', '# TYPE c counter\n'),
  openMetrics('start times', (index) => `c_created{a="${index.toString(36)}"} 1\n`, '# TYPE c counter\n'),
  openMetrics('states', (index) => `s{s="${index.toString(36)}"} 1\n`, '# TYPE s stateset\n'),
  openMetrics('state sets', (index) => `s{s="",a="${index.toString(36)}"} 1\n`, '# TYPE s stateset\n'),
  openMetrics('buckets with exemplars', (index) => `h_bucket{le="${index}"} ${index} # {} 1\n`, HISTOGRAM),
  openMetrics2('families', (index) => `${shortName(index)} 1\n`),
  openMetrics2('histograms', composite('bucket:[+Inf:0]'), HISTOGRAM),
  openMetrics2('buckets', composite(`bucket:[${many((index) => `${index}:0`).join()},+Inf:0]`), HISTOGRAM),
  openMetrics2('spans', composite(`schema:0,zero_threshold:0,zero_count:0,positive_spans:[${many(() => '1:1').join()}],positive_buckets:[${many(() => '1:1').fill('1').join()}]`), HISTOGRAM), // biome-ignore format: one line
  openMetrics2(
    'quantiles',
    composite(`quantile:[${many((index) => `${index / 1e5}:1`).join()}]`),
    '# TYPE h summary\n',
  ),
  openMetrics2(
    'buckets with exemplars',
    (index) =>
      `h{a="${index}"} {count:0,sum:0,bucket:[${many((at) => `${at}:0`).join()},+Inf:0]}${many((at) => ` # {} ${at} 1`).join('')}\n`,
    HISTOGRAM,
  ),
  openMetrics2('buckets that do not agree', composite('bucket:[0:1,1:0,+Inf:0]'), HISTOGRAM),
  openMetrics2(
    'labels of buckets that do not agree',
    (index) => `h{a="${index}",${LABELS}} {count:1,sum:0,bucket:[${many((at) => `${at}:0`).join()},+Inf:0]}\n`,
    HISTOGRAM,
  ),
  openMetrics2(
    'labels of buckets beside a series of their name',
    (index) => `h{a="${index}",${LABELS}} {count:0,sum:0,bucket:[${many((at) => `${at}:0`).join()},+Inf:0]}\n`,
    `# TYPE h_count gauge\nh_count 1\n${HISTOGRAM}`,
  ),
  openMetrics2(
    'labels of quantiles without a count',
    (index) => `h{a="${index}",${LABELS}} {count:-1,sum:0,quantile:[${many((at) => `${at / 1e5}:1`).join()}]}\n`,
    '# TYPE h summary\n',
  ),
  openMetrics2('exemplars', (index) => `c{a="${index}"} 1${many(() => ' # {} 1 1').join('')}\n`, '# TYPE c counter\n'),
];

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

function field(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
}

function family(name: string, type: number, rest: Uint8Array): Buffer {
  const message = Buffer.concat([field(1, Buffer.from(name)), Buffer.of(0x18, type), rest]);
  return Buffer.concat([Buffer.from(varint(message.length)), message]);
}

const repeated = (bytes: number, ...element: number[]) =>
  Buffer.alloc(bytes - (bytes % element.length), Buffer.from(element));

function protobuf(what: string, make: GreedyDocument['make']): GreedyDocument {
  return { what, format: 'protobuf', make };
}

const histogram = (bytes: number, ...element: number[]) =>
  family('h', 4, field(4, field(7, repeated(bytes, ...element))));

const MESSAGES: readonly GreedyDocument[] = [
  protobuf('families', (bytes) =>
    Buffer.concat(Array.from({ length: bytes / 11 }, (_, index) => family(shortName(index), 0, Buffer.of(0x22, 0)))),
  ),
  protobuf('counters without value', (bytes) => family('c', 0, repeated(bytes, 0x22, 0))),
  protobuf('gauges', (bytes) => family('g', 1, repeated(bytes, 0x22, 2, 0x12, 0))),
  protobuf('summaries', (bytes) => family('s', 2, repeated(bytes, 0x22, 2, 0x22, 0))),
  protobuf('histograms', (bytes) => family('h', 4, repeated(bytes, 0x22, 2, 0x3a, 0))),
  protobuf('quantiles', (bytes) => family('s', 2, field(4, field(4, repeated(bytes, 0x1a, 0))))),
  protobuf('buckets', (bytes) => histogram(bytes, 0x1a, 0)),
  protobuf('buckets with exemplars', (bytes) => histogram(bytes, 0x1a, 2, 0x1a, 0)),
  protobuf('exemplars', (bytes) => histogram(bytes, 0x82, 1, 0)),
  protobuf('spans without buckets', (bytes) => histogram(bytes, 0x62, 0)),
  protobuf('spans', (bytes) => histogram(bytes, 0x62, 2, 0x10, 1)),
  protobuf('labels of buckets that do not agree', (bytes) => {
    const labels = Array.from({ length: 4000 }, (_, index) => field(1, field(1, Buffer.from(shortName(index)))));
    const buckets = Array.from({ length: bytes / 13 }, (_, index) => {
      const bound = Buffer.alloc(9, 0x11);
      bound.writeDoubleLE(index, 1);
      return field(3, bound);
    });
    const metric = Buffer.concat([...labels, field(7, Buffer.concat([Buffer.of(0x08, 1), ...buckets]))]);
    return family('h', 4, field(4, metric));
  }),
  protobuf('buckets in one span', (bytes) => {
    const span = field(12, Buffer.from([0x10, ...varint(bytes)]));
    return family('h', 4, field(4, field(7, Buffer.concat([span, field(13, repeated(bytes, 2))]))));
  }),
  protobuf('labels', (bytes) => {
    const labels = Array.from({ length: 4000 }, (_, index) => field(1, field(1, Buffer.from(shortName(index)))));
    return Buffer.alloc(bytes, family('c', 0, field(4, Buffer.concat(labels))));
  }),
];

function json(what: string, before: string, element: string, after: string): GreedyDocument {
  const make = (bytes: number) =>
    Buffer.from(`${before}${`${element},`.repeat(bytes / (element.length + 1))}${element}${after}`);
  return { what, format: 'json', make };
}

const POINTS = '"help":"","type":"gauge","points":[';

const SNAPSHOTS: readonly GreedyDocument[] = [
  json('lists', '[', '[]', ']'),
  json('objects', '[', '{}', ']'),
  json('numbers', '[', '1', ']'),
  json('families', '[', `{"name":"a",${POINTS}]}`, ']'),
  json('points', `[{"name":"a",${POINTS}`, '{"value":1}', ']}]'),
  json('labels that are not an object', `[{"name":"a",${POINTS}{"value":1,"labels":[`, '1', ']}]}]'),
  json(
    'states',
    '[{"name":"a","help":"","type":"stateset","points":[{"value":{"enabled":[],"states":[',
    '""',
    ']}}]}]',
  ),
  json(
    'counts',
    '[{"name":"a","help":"","type":"histogram","points":[{"value":{"upperBounds":[],"bucketCounts":[',
    '1',
    ']}}]}]',
  ),
];

export const greedyDocuments: readonly GreedyDocument[] = [...LINES, ...MESSAGES, ...SNAPSHOTS];
