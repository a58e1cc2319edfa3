import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSnapshot } from '../../../src/exposition/snapshot/read-snapshot.ts';
import { snapshotOf } from '../../../src/exposition/snapshot/snapshot.ts';
import { cases } from '../../cases.ts';
import { gatheringOf } from '../families.ts';

test('a snapshot survives JSON', () => {
  const snapshot = snapshotOf(gatheringOf(cases));
  const restored = readSnapshot(JSON.parse(JSON.stringify(snapshot)));
  assert.deepEqual(snapshotOf(gatheringOf(restored)), snapshot);
});

test('numbers that JSON cannot represent are strings', () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const points = values.map((value) => ({ value }));
  const snapshot = snapshotOf(gatheringOf([{ name: 'a', help: '', type: 'gauge', points }]));
  assert.deepEqual(
    snapshot[0]?.points.map(({ value }) => value),
    ['NaN', '+Inf', '-Inf'],
  );
  const [family] = readSnapshot(snapshot);
  assert.deepEqual(
    [...(family?.points ?? [])].map(({ value }) => value),
    values,
  );
});

test('a label named __proto__ is a label', () => {
  const json = '[{"name":"a","help":"","type":"gauge","points":[{"labels":{"__proto__":"x"},"value":1}]}]';
  const [family] = readSnapshot(JSON.parse(json));
  assert.deepEqual(
    [...(family?.points ?? [])].map(({ labels }) => Object.entries(labels ?? {})),
    [[['__proto__', 'x']]],
  );
});

const family = { name: 'a', help: '', type: 'gauge', points: [{ value: 1 }] };
const broken: readonly [what: string, snapshot: unknown, problem: string][] = [
  ['an object instead of an array', {}, 'snapshot must be an array, got object.'],
  ['null', null, 'snapshot must be an array, got null.'],
  ['a number instead of a family', [1], 'snapshot[0] must be an object, got number.'],
  ['a family without a name', [{ ...family, name: undefined }], 'snapshot[0].name must be a string, got undefined.'],
  ['an unknown type', [{ ...family, type: 'toString' }], 'snapshot[0].type must be a metric type, got "toString".'],
  ['a help that is not a string', [{ ...family, help: 1 }], 'snapshot[0].help must be a string, got number.'],
  [
    'points that are not an array',
    [{ ...family, points: { length: 1 } }],
    'snapshot[0].points must be an array, got object.',
  ],
  [
    'a value that is a string',
    [{ ...family, points: [{ value: '1' }] }],
    'snapshot[0].points[0].value must be a number, got string.',
  ],
  ['no value', [{ ...family, points: [{}] }], 'snapshot[0].points[0].value must be a number, got undefined.'],
  [
    'a label value that is not a string',
    [{ ...family, points: [{ value: 1, labels: { x: 1 } }] }],
    'snapshot[0].points[0].labels.x must be a string, got number.',
  ],
  [
    'a histogram with too few counts',
    [{ ...family, type: 'histogram', points: [{ value: { upperBounds: [1], bucketCounts: [1], count: 1, sum: 1 } }] }],
    'snapshot[0].points[0].value: bucketCounts must have 2 entries, got 1.',
  ],
  [
    'a state set without a value for each state',
    [{ ...family, type: 'stateset', points: [{ value: { states: ['a'], enabled: [] } }] }],
    'snapshot[0].points[0].value: enabled must have 1 entry, got 0.',
  ],
];

for (const [what, snapshot, message] of broken) {
  test(`${what} is not a snapshot`, () => {
    assert.throws(() => readSnapshot(snapshot), new TypeError(message));
  });
}
