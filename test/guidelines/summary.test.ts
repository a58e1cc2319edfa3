import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry, Summary } from '../../src/index.ts';
import { renderMetric, sampleValue } from '../../src/testing/index.ts';

const options = { name: 'seconds', help: 'Seconds.', registry: null } as const;

test('a summary rejects the label quantile', () => {
  assert.throws(() => new Summary({ ...options, labelNames: ['quantile'] }), RangeError);
  assert.throws(() => new Summary({ ...options, constLabels: { quantile: '1' } }), RangeError);
  assert.throws(() => new Registry().withLabels({ quantile: '1' }).register(new Summary(options)), Error);
});

test('a summary has no quantiles by default', async () => {
  const summary = new Summary(options);
  summary.observe(1);
  assert.equal(
    await renderMetric(summary),
    '# HELP seconds Seconds.\n# TYPE seconds summary\nseconds_sum 1\nseconds_count 1\n',
  );
  const asked = new Summary({ ...options, quantiles: [0.5] });
  asked.observe(1);
  assert.match(await renderMetric(asked), /^seconds\{quantile="0.5"\} /m);
});

test('a summary observes values', async () => {
  const summary = new Summary(options);
  for (const value of [1, 2.5]) summary.observe(value);
  assert.equal(await sampleValue(summary, 'seconds_sum'), 3.5);
  assert.equal(await sampleValue(summary, 'seconds_count'), 2);
});

test('a summary measures time in seconds', async () => {
  const summary = new Summary(options);
  const seconds = summary.startTimer()();
  assert.equal(await sampleValue(summary, 'seconds_sum'), seconds);
  assert.equal(await summary.time(async () => 'result'), 'result');
  assert.equal(await sampleValue(summary, 'seconds_count'), 2);
});

test('sum and count of a summary start at 0', async () => {
  assert.match(await renderMetric(new Summary(options)), /^seconds_sum 0\nseconds_count 0$/m);
});
