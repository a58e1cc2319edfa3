import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GroupingKey, groupPath } from '../../../src/push/pushgateway/grouping-key.ts';

test('labels follow the job in the order of their names', () => {
  assert.equal(groupPath('backup', { zone: 'b', disk: 1 }), '/metrics/job/backup/disk/1/zone/b');
});

test('a value that a URL parser would change is written in base64', () => {
  for (const value of ['.', '..', 'a/b', 'a b', 'a+b', '%2e', 'ä', '', 'a?b', 'a#b', '.a', 'a.', 'a..b', '\n', '💾']) {
    const path = groupPath('job', { key: value });
    const [, encoded = ''] = /^\/metrics\/job\/job\/key@base64\/([\w=-]+)$/.exec(path) ?? [];
    assert.equal(Buffer.from(encoded, 'base64url').toString(), value, path);
    assert.equal(new URL(path, 'http://localhost').pathname, path);
  }
});

test('other values are readable', () => {
  assert.equal(groupPath('a-b_c.d', { instance: 'host1.example' }), '/metrics/job/a-b_c.d/instance/host1.example');
});

test('names that are not legacy names are escaped', () => {
  assert.equal(groupPath('a', { 'my.label': 'b' }), '/metrics/job/a/U__my_2e_label/b');
});

test('invalid keys are refused', () => {
  const invalid: [string, GroupingKey][] = [
    ['', {}],
    ['a', { job: 'b' }],
    ['a', { '': 'b' }],
    ['a', { __name__: 'b' }],
    ['a', { b: '\ud800' }],
    ['a', { '\ud800': 'b' }],
    ['\udc00', {}],
  ];
  for (const [job, key] of invalid) assert.throws(() => groupPath(job, key), RangeError, JSON.stringify([job, key]));
  const wrong = { a: undefined } as unknown as GroupingKey;
  assert.throws(() => groupPath('a', wrong), TypeError);
  assert.throws(() => groupPath(1 as unknown as string, {}), TypeError);
});

test('a long value with many dots is readable', () => {
  const value = 'a.'.repeat(5_000_000);
  assert.ok(groupPath(`${value}a`, {}) === `/metrics/job/${value}a`);
});
