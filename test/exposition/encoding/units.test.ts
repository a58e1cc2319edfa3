/** Units in each format. Servers reject an entire exposition if it contains a unit that the format forbids. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGathering } from '../../../src/exposition/encode.ts';
import type { Escaping } from '../../../src/exposition/encoding/escaping.ts';
import {
  type Format,
  openMetrics,
  openMetrics0,
  openMetrics2,
  protobuf,
  text,
} from '../../../src/exposition/formats.ts';
import type { MetricFamily, MetricType } from '../../../src/model/family.ts';
import { parse } from '../../../src/parse/index.ts';
import { gatheringOf } from '../families.ts';
import { decodeFamilies } from '../metrics-schema.ts';

const histogram = { upperBounds: [1], bucketCounts: [1, 0], count: 1, sum: 0.5 };
const values: Readonly<Record<MetricType, unknown>> = {
  counter: 1,
  gauge: 1,
  unknown: 1,
  histogram,
  gaugehistogram: histogram,
  summary: { count: 1, sum: 1, quantiles: [] },
  info: 1,
  stateset: { states: ['a'], enabled: [1] },
};

function familyOf(type: MetricType, name: string, unit: string): MetricFamily {
  // The value is one of the type.
  return { name, help: '', type, unit, points: [{ value: values[type] }] } as MetricFamily;
}

interface Shown {
  readonly unit: string | undefined;
  readonly hasSeries: boolean;
  readonly problems: readonly string[];
}

/** Returns the lines of a family in a format, and the reported problems. */
function shownIn(format: Format, family: MetricFamily, escaping: Escaping = 'allow-utf-8'): Shown {
  const problems: string[] = [];
  const onProblem = ({ message }: Error) => void problems.push(message);
  const bytes = encodeGathering(gatheringOf([family]), format, { escaping, onProblem });
  if (format === protobuf) {
    const [decoded] = decodeFamilies(bytes);
    const unit = decoded?.['unit'];
    return { unit: typeof unit === 'string' ? unit : undefined, hasSeries: decoded !== undefined, problems };
  }
  const lines = bytes.toString().split('\n');
  const unit = lines.find((line) => line.startsWith('# UNIT '))?.replace(/^# UNIT (?:"[^"]*"|\S+) /, '');
  return { unit, hasSeries: lines.some((line) => line !== '' && !line.startsWith('#')), problems };
}

/** Formats whose units are suffixes of the name, and OpenMetrics 2.0, where they may be anything. */
const cases: readonly [type: MetricType, name: string, unit: string, isSuffix: boolean, isLegal?: boolean][] = [
  ['gauge', 'age_seconds', 'seconds', true],
  ['gauge', '_seconds', 'seconds', true],
  ['gauge', 'age_seconds_total', 'seconds', false],
  ['gauge', 'ageseconds', 'seconds', false],
  ['gauge', 'seconds', 'seconds', false],
  ['gauge', 'seconds_age', 'seconds', false],
  ['gauge', 'age_seconds', 'second', false],
  ['gauge', 'age_seconds', 'Seconds', false],
  ['gauge', 'age_seconds_', 'seconds', false],
  ['gauge', 'no_unit_in_name', 'seconds', false],
  ['gauge', 'age.seconds', 'seconds', false],
  ['gauge', 'http.age_seconds', 'seconds', true],
  ['gauge', 'x_per cent', 'per cent', false, false],
  ['gauge', 'x_s\n', 's\n', false, false],
  ['gauge', 'x_€', '€', false, false],
  ['unknown', 'age_seconds', 'seconds', true],
  ['unknown', 'age', 'seconds', false],
  ['counter', 'sent_bytes_total', 'bytes', true],
  ['counter', 'sent_bytes', 'bytes', true],
  ['counter', 'c_unit_total', 'bytes', false],
  ['counter', 'sent_bytes_total', 'total', false],
  ['counter', 'bytes_total', 'bytes', false],
  ['counter', '_bytes_total', 'bytes', true],
  ['counter', 'sent_total_bytes', 'bytes', true],
  ['histogram', 'age_seconds', 'seconds', true],
  ['histogram', 'age', 'seconds', false],
  ['histogram', 'age_seconds_count', 'seconds', false],
  ['gaugehistogram', 'age_seconds', 'seconds', true],
  ['gaugehistogram', 'age', 'seconds', false],
  ['summary', 'age_seconds', 'seconds', true],
  ['summary', 'age', 'seconds', false],
];

for (const [type, name, unit, isSuffix, isLegal = true] of cases) {
  for (const format of [openMetrics, openMetrics0, protobuf]) {
    const verdict = isSuffix ? 'is shown' : 'is omitted and reported';
    test(`${format.contentType}: the unit ${JSON.stringify(unit)} of the ${type} ${JSON.stringify(name)} ${verdict}`, () => {
      const shown = shownIn(format, familyOf(type, name, unit));
      assert.equal(shown.unit, isSuffix ? unit : undefined);
      assert.ok(shown.hasSeries);
      assert.equal(shown.problems.length, isSuffix ? 0 : 1, shown.problems.join('\n'));
    });
  }
  if (name.includes('\n')) continue; // OpenMetrics 2.0 has no such names.
  test(`OpenMetrics 2.0: the unit ${JSON.stringify(unit)} of the ${type} ${JSON.stringify(name)} is ${isLegal ? '' : 'not '}shown`, () => {
    const shown = shownIn(openMetrics2, familyOf(type, name, unit));
    assert.equal(shown.unit, isLegal ? unit : undefined);
    assert.ok(shown.hasSeries);
    assert.equal(shown.problems.length, isLegal ? 0 : 1, shown.problems.join('\n'));
  });
}

test('a unit is compared with the exposed name', () => {
  const family = familyOf('gauge', 'age.seconds', 'seconds');
  for (const [escaping, unit] of [
    ['underscores', 'seconds'],
    ['values', 'seconds'],
    ['dots', 'seconds'],
    ['allow-utf-8', undefined],
  ] as const) {
    for (const format of [openMetrics, protobuf]) {
      assert.equal(shownIn(format, family, escaping).unit, unit, `${format.contentType} ${escaping}`);
    }
  }
});

test('the report contains the family, its unit and the expected form of the name', () => {
  const { problems } = shownIn(protobuf, familyOf('counter', 'sent_total', 'bytes'));
  assert.deepEqual(problems, [
    'sent is shown without its unit "bytes": it must be a suffix of the name, as in sent_bytes.',
  ]);
});

test('an info that OpenMetrics shows as a gauge has the unit of a gauge', () => {
  for (const format of [openMetrics, openMetrics2]) {
    assert.deepEqual(shownIn(format, familyOf('info', 'age_seconds', 'seconds')), {
      unit: 'seconds',
      hasSeries: true,
      problems: [],
    });
  }
});

test('the unit of a family does not apply to the next one', () => {
  const bytes = encodeGathering(
    gatheringOf([
      familyOf('gauge', 'a_seconds', 'seconds'),
      familyOf('gauge', 'b', ''),
      familyOf('gauge', 'c', 'bytes'),
    ]),
    protobuf,
  );
  assert.deepEqual(
    decodeFamilies(bytes).map((decoded) => decoded['unit']),
    ['seconds', undefined, undefined],
  );
});

test('infos and state sets have no unit', () => {
  for (const family of [
    familyOf('info', 'build_seconds_info', 'seconds'),
    familyOf('info', 'build_info', 'info'),
    familyOf('stateset', 'state_seconds', 'seconds'),
  ]) {
    for (const format of [openMetrics, openMetrics2, protobuf]) {
      // In protobuf, a state set is a gauge and may have a unit.
      if (format === protobuf && family.type === 'stateset') continue;
      assert.deepEqual(shownIn(format, family), { unit: undefined, hasSeries: true, problems: [] }, family.name);
    }
  }
});

test('the unit of a state set, a gauge in protobuf, must be a suffix of its name', () => {
  assert.equal(shownIn(protobuf, familyOf('stateset', 'state_seconds', 'seconds')).unit, 'seconds');
  const { unit, problems } = shownIn(protobuf, familyOf('stateset', 'state', 'seconds'));
  assert.deepEqual([unit, problems.length], [undefined, 1]);
});

test('the text format has no units, and reports none', () => {
  assert.deepEqual(shownIn(text, familyOf('gauge', 'age', 'seconds')), {
    unit: undefined,
    hasSeries: true,
    problems: [],
  });
});

test('in OpenMetrics 1.0 an empty UNIT line ends the unit of the family before', () => {
  // Prometheus 3.5 to 3.16 with type-and-unit-labels applies a unit to all families up to the next UNIT line.
  const families = [
    familyOf('gauge', 'a', ''),
    familyOf('gauge', 'b_seconds', 'seconds'),
    familyOf('gauge', 'c', ''),
    familyOf('gauge', 'd', ''),
    familyOf('gauge', 'e_bytes', 'bytes'),
    familyOf('counter', 'f_seconds_total', 'seconds'),
    familyOf('info', 'g_info', ''),
    familyOf('gauge', 'h_bytes', 'bytes'),
    familyOf('gauge', 'i', 'not_in_name'),
    familyOf('gauge', 'j.k', ''),
  ];
  const unitLines = (format: Format) =>
    encodeGathering(gatheringOf(families), format, { escaping: 'allow-utf-8' })
      .toString()
      .match(/^# UNIT .*$/gm);
  for (const format of [openMetrics, openMetrics0]) {
    assert.deepEqual(unitLines(format), [
      '# UNIT b_seconds seconds',
      '# UNIT c ',
      '# UNIT e_bytes bytes',
      '# UNIT f_seconds seconds',
      '# UNIT g ',
      '# UNIT h_bytes bytes',
      '# UNIT i ',
    ]);
  }
  assert.deepEqual(unitLines(openMetrics2), [
    '# UNIT b_seconds seconds',
    '# UNIT e_bytes bytes',
    '# UNIT f_seconds_total seconds',
    '# UNIT h_bytes bytes',
    '# UNIT i not_in_name',
  ]);
});

test('an empty UNIT line is parsed as a missing unit', () => {
  const bytes = encodeGathering(
    gatheringOf([familyOf('gauge', 'a_seconds', 'seconds'), familyOf('gauge', 'b', '')]),
    openMetrics,
  );
  for (const mode of ['strict', 'prometheus'] as const) {
    const units = parse(bytes, openMetrics.contentType, { mode }).map(({ unit }) => unit || undefined);
    assert.deepEqual(units, ['seconds', undefined], mode);
  }
});
