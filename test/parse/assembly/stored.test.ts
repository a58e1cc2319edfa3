/** In `prometheus` mode, documents whose metadata does not match their samples yield the series that a server stores. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGathering } from '../../../src/exposition/encode.ts';
import { openMetrics, textUtf8 } from '../../../src/exposition/formats.ts';
import type { MetricFamily } from '../../../src/model/family.ts';
import { parseOpenMetrics, parseText } from '../../../src/parse/index.ts';
import { gatheringOf } from '../../exposition/families.ts';

interface Case {
  readonly what: string;
  readonly document: string;
  /** Type and name of each family that has points. */
  readonly families: readonly string[];
  /** All series in text, by their names; by default the lines of the document that are not comments. */
  readonly series?: readonly string[];
}

const OPEN_METRICS: readonly Case[] = [
  {
    what: 'a gauge beside a counter of the same name',
    document: '# TYPE a gauge\na 9\n# TYPE a counter\na_total 200\n',
    families: ['gauge a', 'counter a_total'],
  },
  {
    what: 'a gauge behind a counter of the same name',
    document: '# TYPE a counter\na_total 200\n# TYPE a gauge\na 9\n',
    families: ['gauge a', 'counter a_total'],
  },
  {
    what: 'a counter whose TYPE line has the suffix',
    document: '# TYPE a_total counter\na_total 7\n',
    families: ['counter a_total'],
  },
  { what: 'a counter without suffix', document: '# TYPE a counter\na 7\n', families: ['counter a'] },
  {
    what: 'a counter with and without suffix',
    document: '# TYPE a counter\na_total 7\na 8\n',
    families: ['counter a', 'counter a_total'],
  },
  {
    what: 'samples before the TYPE line of their counter',
    document: 'a_total 7\n# TYPE a counter\na_total{x="1"} 8\n',
    families: ['counter a_total'],
  },
  { what: 'an info of zero', document: '# TYPE a info\na_info{v="1"} 0\n', families: ['unknown a_info'] },
  {
    what: 'an info of one beside one of zero',
    document: '# TYPE a info\na_info{v="1"} 0\na_info{v="2"} 1\n',
    families: ['unknown a_info'],
  },
  { what: 'an info without suffix', document: '# TYPE a info\na{v="1"} 1\n', families: ['info a'] },
  {
    what: 'an info whose TYPE line has the suffix',
    document: '# TYPE a_info info\na_info{v="1"} 1\n',
    families: ['info a_info'],
  },
  {
    what: 'half a state',
    document: '# TYPE a stateset\na{a="x"} 0.5\na{a="y"} 1\n',
    families: ['unknown a'],
  },
  {
    what: 'a state set without states',
    document: '# TYPE a stateset\na{b="x"} 1\n',
    families: ['unknown a'],
  },
  {
    what: 'a histogram whose TYPE line has the suffix',
    document: '# TYPE a_bucket histogram\na_bucket{le="1.0"} 2\na_bucket{le="+Inf"} 3\na_sum 1\na_count 3\n',
    families: ['unknown a_bucket', 'unknown a_sum', 'unknown a_count'],
  },
  {
    what: 'a histogram without sum and count',
    document: '# TYPE a histogram\na_bucket{le="-1"} 2\na_bucket{le="+Inf"} 3\n',
    families: ['histogram a'],
  },
  {
    what: 'a histogram without last bucket',
    document: '# TYPE a histogram\na_bucket{le="1.0"} 2\na_sum 1\na_count 3\n',
    families: ['unknown a_bucket', 'unknown a_sum', 'unknown a_count'],
  },
  {
    what: 'a histogram whose last bucket is not the count',
    document: '# TYPE a histogram\na_bucket{le="+Inf"} 2\na_sum 1\na_count 3\n',
    families: ['unknown a_bucket', 'unknown a_sum', 'unknown a_count'],
  },
  {
    what: 'a histogram whose counts go down',
    document: '# TYPE a histogram\na_bucket{le="1.0"} 3\na_bucket{le="+Inf"} 2\na_sum 1\na_count 2\n',
    families: ['unknown a_bucket', 'unknown a_sum', 'unknown a_count'],
  },
  {
    what: 'a histogram whose counts are negative or NaN',
    document: '# TYPE a histogram\na_bucket{le="1.0"} -1\na_bucket{le="+Inf"} NaN\na_sum 1\na_count NaN\n',
    families: ['unknown a_bucket', 'unknown a_sum', 'unknown a_count'],
  },
  {
    what: 'a histogram with a gauge of the name of its count',
    document: '# TYPE a histogram\na_bucket{le="+Inf"} 2\na_sum 1\n# TYPE a_count gauge\na_count 5\n',
    families: ['unknown a_bucket', 'unknown a_sum', 'gauge a_count'],
  },
  {
    what: 'bounds that are not numbers',
    document: '# TYPE a histogram\na_bucket{le="x"} 1\na_bucket{le=""} 1\na_bucket{b="c"} 1\n',
    families: ['unknown a_bucket'],
  },
  {
    what: 'bounds in other notations',
    document:
      '# TYPE a histogram\na_bucket{le="1"} 1\na_bucket{le="0x10p0"} 1\nb{le="1_0"} 1\n# TYPE c gauge\nc{le="1"} 1\n',
    families: ['unknown a_bucket', 'unknown b', 'gauge c'],
    series: ['a_bucket{le="1.0"} 1', 'a_bucket{le="16.0"} 1', 'b{le="10.0"} 1', 'c{le="1"} 1'],
  },
  {
    what: 'gauge histograms, whose bounds a server leaves as they are',
    document: '# TYPE a gaugehistogram\na_bucket{le="1"} 1\na_bucket{le="+Inf"} 2\na_gsum 1\na_gcount 2\n',
    families: ['unknown a_bucket', 'unknown a_gsum', 'unknown a_gcount'],
  },
  {
    what: 'a summary of quantiles only',
    document: '# TYPE a summary\na{quantile="0.5"} 1\n',
    families: ['summary a'],
  },
  {
    what: 'a summary with a sample of its own name',
    document: '# TYPE a summary\na{quantile="0.5"} 1\na 2\na_sum 3\na_count 4\n',
    families: ['unknown a', 'unknown a_sum', 'unknown a_count'],
  },
  {
    what: 'a start of nothing',
    document: '# TYPE a counter\na_created 5\nb_total 1\n# TYPE c histogram\nc_created 6\n',
    families: ['unknown a_created', 'unknown b_total', 'unknown c_created'],
  },
  {
    what: 'families that are mixed',
    document: '# TYPE a counter\n# TYPE b gauge\na_total{x="1"} 1\nb 2\na_total{x="2"} 3\n',
    families: ['counter a_total', 'gauge b'],
  },
  {
    what: 'negative counters and NaN',
    document: '# TYPE a counter\na_total{x="1"} -1\na_total{x="2"} NaN\n',
    families: ['counter a_total'],
  },
];

const TEXT: readonly Case[] = [
  {
    what: 'lines that are there twice',
    document:
      'a_bucket{le="1.0"} 1\na_bucket{le="1.0"} 2\na_bucket{le="+Inf"} 3\na_sum 1\na_sum 2\na_count 3\na_count 4\n',
    families: ['unknown a_bucket', 'unknown a_sum', 'unknown a_count'],
  },
  {
    what: 'a type that changes',
    document: '# TYPE a gauge\na{x="1"} 1\n# TYPE a counter\na{x="2"} 2\n',
    families: ['counter a'],
  },
  {
    what: 'a type that comes too late',
    document: 'a_bucket{le="1.0"} 1\na_bucket{le="+Inf"} 3\n# TYPE a histogram\na_sum 1\na_count 3\n',
    families: ['unknown a_bucket', 'unknown a_sum', 'unknown a_count'],
  },
  {
    what: 'quantiles that are there twice',
    document: '# TYPE a summary\na{quantile="0.5"} 1\na{quantile="0.50"} 2\na{quantile="NaN"} 3\n',
    families: ['unknown a'],
    series: ['a{quantile="0.5"} 1', 'a{quantile="0.5"} 2', 'a{quantile="NaN"} 3'],
  },
];

const prometheus = { mode: 'prometheus' } as const;

for (const { what, document, families, series } of OPEN_METRICS) {
  test(`OpenMetrics: ${what}`, () => {
    assertStored(parseOpenMetrics(`${document}# EOF\n`, prometheus), families, series ?? seriesIn(document));
  });
}

for (const { what, document, families, series } of TEXT) {
  test(`text: ${what}`, () => {
    const typed = document.startsWith('#') || what.includes('late') ? document : `# TYPE a histogram\n${document}`;
    assertStored(parseText(typed, prometheus), families, series ?? seriesIn(document));
  });
}

test('a family that is split keeps its help and unit for series under its own name', () => {
  const [family, ...others] = parseOpenMetrics(
    '# TYPE a_b info\n# HELP a_b Help.\n# UNIT a_b b\na_b_info 0\n# EOF\n',
    prometheus,
  );
  assert.deepEqual([family?.type, family?.help, family?.unit, others], ['unknown', 'Help.', 'b', []]);
});

test('the metadata of a family that is split into other names follows the series', () => {
  const families = parseOpenMetrics('# TYPE a histogram\n# HELP a Help.\na_bucket{le="1.0"} 1\n# EOF\n', prometheus);
  assert.deepEqual(
    families.map(({ name, type, help, points }) => [name, type, help, [...points].length]),
    [
      ['a_bucket', 'unknown', '', 1],
      ['a', 'histogram', 'Help.', 0],
    ],
  );
});

test('metadata after samples belongs to the next family if its type differs', () => {
  const families = parseOpenMetrics(
    '# HELP a Now.\n# TYPE a gauge\na 9\n# HELP a Ever.\n# TYPE a counter\na_total 200\n# EOF\n',
    prometheus,
  );
  assert.deepEqual(
    families.map(({ name, help }) => [name, help]),
    [
      ['a', 'Now.'],
      ['a_total', 'Ever.'],
    ],
  );
});

test('exemplars of lines that do not fit into a point stay with the lines', () => {
  const [sum] = parseOpenMetrics('# TYPE a summary\na_sum 1 # {b="c"} 2\n# EOF\n', prometheus);
  assert.equal(sum?.name, 'a_sum');
  assert.equal([...(sum?.points ?? [])][0]?.exemplar?.value, 2);
});

for (const [type, suffix, shown] of [
  ['counter', '_total', 'unknown'],
  ['info', '_info', 'gauge'],
] as const) {
  test(`in OpenMetrics an ${type} beside a gauge of its name without ${suffix} is of type ${shown}`, () => {
    const lines = `a{v="1"} 1\na${suffix}{v="1"} 1\n`;
    const families = parseOpenMetrics(`# TYPE a gauge\n# TYPE a ${type}\n${lines}# EOF\n`, prometheus);
    const shownLines = encode(families, openMetrics).toString().split('\n').filter((line) => line.includes(suffix)); // biome-ignore format: one line
    assert.deepEqual(shownLines, [`# TYPE a${suffix} ${shown}`, `a${suffix}{v="1"} 1`]);
    assert.deepEqual(seriesIn(encode(families, openMetrics).toString()), seriesIn(lines));
  });
}

function assertStored(families: readonly MetricFamily[], shown: readonly string[], series: readonly string[]): void {
  const held = families.filter(({ points }) => [...points].length > 0);
  assert.deepEqual(held.map(({ type, name }) => `${type} ${name}`).sort(), [...shown].sort());
  assert.deepEqual(seriesIn(encode(held, textUtf8).toString()), [...series].sort());
}

function encode(families: readonly MetricFamily[], format: typeof textUtf8): Buffer {
  const onProblem = (problem: Error) => assert.fail(problem);
  return encodeGathering(gatheringOf([...families]), format, { escaping: 'allow-utf-8', onProblem });
}

function seriesIn(document: string): string[] {
  const lines = document.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.sort();
}
