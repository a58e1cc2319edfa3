import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLabelName, checkMetricName, isLegacyLabelName, isLegacyMetricName } from '../../src/model/naming.ts';

for (const name of ['http_requests_total', 'http.requests', 'Anfragen 🦑', '9', ' ', 'a\nb']) {
  test(`${JSON.stringify(name)} is a name`, () => {
    checkMetricName(name);
    checkLabelName(name, 'metric');
  });
}

for (const name of ['', '\ud800', 'a\udc00b']) {
  test(`${JSON.stringify(name)} is not a name`, () => {
    assert.throws(() => checkMetricName(name), RangeError);
    assert.throws(() => checkLabelName(name, 'metric'), RangeError);
  });
}

test('labels that begin with __ are reserved for the server', () => {
  assert.throws(
    () => checkLabelName('__name__', 'metric'),
    new RangeError('metric: label name "__name__" starts with __, which is reserved.'),
  );
});

test('old servers accept letters, digits and underscores, and colons in metric names', () => {
  assert.ok(isLegacyMetricName('a:b_C9'));
  assert.ok(!isLegacyLabelName('a:b_C9'));
  assert.ok(isLegacyLabelName('b_C9'));
  assert.ok(!isLegacyMetricName('9b'));
  assert.ok(!isLegacyMetricName('é'));
  assert.ok(!isLegacyMetricName(''));
});
