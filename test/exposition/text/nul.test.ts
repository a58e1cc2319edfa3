/** Prometheus rejects an exposition with NUL in a quoted name or in a label of an exemplar, because it reads NUL as the end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGathering } from '../../../src/exposition/encode.ts';
import { type Format, formats, openMetrics, openMetrics2, protobuf } from '../../../src/exposition/formats.ts';
import type { MetricFamily } from '../../../src/model/family.ts';
import { gatheringOf } from '../families.ts';

const lineFormats = formats.filter((format) => format !== protobuf);
const sound: MetricFamily = { name: 'sound', help: '', type: 'gauge', points: [{ value: 1 }] };

/** The lines of an exposition without comments, and the number of families reported. */
function shownIn(format: Format, families: readonly MetricFamily[]) {
  let problems = 0;
  const onProblem = () => problems++;
  const text = encodeGathering(gatheringOf(families), format, { escaping: 'allow-utf-8', onProblem }).toString();
  return { lines: text.split('\n').filter((line) => line !== '' && !line.startsWith('#')), problems, text };
}

const states = { states: ['a'], enabled: [1] };
const histogram = { upperBounds: [1], bucketCounts: [0, 0], count: 0, sum: 0 };

const unnameable: readonly [what: string, family: MetricFamily][] = [
  ['a name', { name: 'a\0b', help: 'Help.', type: 'gauge', points: [{ value: 1 }] }],
  ['a name that is NUL', { name: '\0', help: '', type: 'counter', points: [{ value: 1 }] }],
  ["a histogram's name", { name: 'h\0', help: '', type: 'histogram', points: [{ value: histogram }] }],
  ["a state set's name, a label too", { name: 's\0', help: '', type: 'stateset', points: [{ value: states }] }],
  ["a label's name", { name: 'g', help: '', type: 'gauge', points: [{ labels: { 'l\0': 'v' }, value: 1 }] }],
];

for (const format of lineFormats) {
  for (const [what, family] of unnameable) {
    test(`${format.contentType}: NUL in ${what} removes only that family, and is reported`, () => {
      const { lines, problems, text } = shownIn(format, [family, sound]);
      assert.deepEqual(lines, ['sound 1']);
      assert.equal(problems, 1);
      assert.ok(!text.includes('\0'));
    });
  }

  test(`${format.contentType}: NUL in the value of a label or state is shown`, () => {
    const labelled: MetricFamily = { ...sound, name: 'labelled', points: [{ labels: { a: 'x\0y' }, value: 1 }] };
    const point = { value: { states: ['x\0y'], enabled: [1] } };
    const state: MetricFamily = { name: 'state', help: '', type: 'stateset', points: [point] };
    const { lines, problems } = shownIn(format, [labelled, state]);
    assert.deepEqual([lines, problems], [['labelled{a="x\0y"} 1', 'state{state="x\0y"} 1'], 0]);
  });
}

test('only the points of a family with such a label are left out', () => {
  const points = [{ value: 1 }, { labels: { 'l\0': 'v' }, value: 2 }, { labels: { l: 'v' }, value: 3 }];
  const { lines, problems } = shownIn(openMetrics, [{ name: 'g', help: '', type: 'gauge', points }]);
  assert.deepEqual([lines, problems], [['g 1', 'g{l="v"} 3'], 1]);
});

for (const format of [openMetrics, openMetrics2]) {
  for (const labels of [{ trace_id: 'a\0' }, { trace_id: '\0', span_id: 'b' }, { 'trace\0': 'a' }]) {
    test(`${format.contentType}: an exemplar with ${JSON.stringify(labels)} is left out, and its sample shown`, () => {
      const exemplar = { labels, value: 1, timestamp: 1 };
      const counter: MetricFamily = { name: 'c_total', help: '', type: 'counter', points: [{ value: 1, exemplar }] };
      const value = { ...histogram, exemplars: [exemplar] };
      const { lines } = shownIn(format, [counter, { name: 'h', help: '', type: 'histogram', points: [{ value }] }]);
      assert.equal(lines[0], 'c_total 1');
      assert.ok(!lines.join('\n').includes('#'), lines.join('\n'));
    });
  }
}

test('an exemplar with a nameless label is left out of OpenMetrics 2.0', () => {
  const exemplar = { labels: { '': 'a', b: 'c' }, value: 1, timestamp: 1 };
  const counter: MetricFamily = { name: 'c_total', help: '', type: 'counter', points: [{ value: 1, exemplar }] };
  assert.deepEqual(shownIn(openMetrics2, [counter]).lines, ['c_total 1']);
});

test('other schemes replace NUL, and protobuf keeps it', () => {
  const family: MetricFamily = { ...sound, name: 'a\0b' };
  assert.match(encodeGathering(gatheringOf([family]), openMetrics).toString(), /^a_b 1$/m);
  assert.ok(shownIn(protobuf, [family]).text.includes('a\0b'));
});
