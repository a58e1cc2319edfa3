import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scrapeTimeoutMs } from '../../../src/http/scrape/query.ts';
import { Counter, Gauge, metricsHandler, Registry } from '../../../src/index.ts';
import { rawGet } from '../raw.ts';
import { serve } from '../serve.ts';

function registry(): Registry {
  const made = new Registry({ selfMetrics: false });
  new Counter({ name: 'a_total', help: 'Help.', registry: made });
  new Gauge({ name: 'b', help: 'Help.', registry: made });
  for (const name of ['cpu', 'disk', '__proto__']) {
    const collect = () => [{ name, help: 'Help.', type: 'gauge' as const, points: [{ value: 1 }] }];
    made.register({ name, collect });
  }
  return made;
}

for (const [query, shown] of [
  ['', '__proto__ a_total b cpu disk'],
  ['?', '__proto__ a_total b cpu disk'],
  ['?other=1&x', '__proto__ a_total b cpu disk'],
  ['?name[]=b', 'b'],
  ['?name[]=b&name[]=b&name[]=cpu', 'b cpu'],
  ['?name%5B%5D=b', 'b'],
  ['?name[]=a_total', 'a_total'],
  ['?name[]=a', 'a_total'],
  ['?name[]=nothing', ''],
  ['?name[]=', ''],
  ['?name[]', ''],
  ['?name[]=__proto__', '__proto__'],
  ['?name[]=constructor', ''],
  ['?collect[]=cpu', 'cpu'],
  ['?collect[]=cpu&collect[]=__proto__', '__proto__ cpu'],
  ['?exclude[]=cpu', '__proto__ a_total b disk'],
  ['?collect[]=cpu&name[]=disk', ''],
] as const) {
  test(`the query "${query}" shows "${shown}"`, async (t) => {
    const { status, body } = await rawGet((await serve(t, metricsHandler({ registry: registry() }))) + query);
    assert.equal(status, 200);
    assert.equal([...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name).join(' '), shown);
  });
}

for (const [query, message] of [
  ['?collect[]=cpu&exclude[]=disk', 'Combined collect and exclude queries are not allowed.'],
  ['?collect[]=gpu', 'Unknown or disabled collector "gpu".'],
  ['?exclude[]=gpu', 'Unknown or disabled collector "gpu".'],
  ['?collect[]=toString', 'Unknown or disabled collector "toString".'],
  ['?collect[]=%3Cimg%20src=x%3E', 'Unknown or disabled collector "<img src=x>".'],
  ['?collect[]=%0d%0aSet-Cookie:%20a=b', 'Unknown or disabled collector "\\r\\nSet-Cookie: a=b".'],
  ['?name[]=%', 'Malformed percent-encoding in the query.'],
  ['?name[]=%zz', 'Malformed percent-encoding in the query.'],
  ['?name[]=%ff', 'Malformed percent-encoding in the query.'],
  [`?${'name[]=x&'.repeat(1000)}`, 'More than 1000 parameters in the query.'],
] as const) {
  test(`the query "${query.slice(0, 40)}" is rejected with plain text, which browsers do not render`, async (t) => {
    const url = await serve(t, metricsHandler({ registry: registry() }));
    const { status, headers, body } = await rawGet(url + query);
    assert.equal(status, 400);
    assert.equal(body, `${message}\n`);
    assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
    assert.equal(headers['x-content-type-options'], 'nosniff');
  });
}

test('a query with 1,000 unknown names is answered immediately', async (t) => {
  const url = await serve(t, metricsHandler({ registry: registry() }));
  const names = Array.from({ length: 1000 }, (_, index) => `name[]=n${index}`).join('&');
  const { status, body } = await rawGet(`${url}?${names}`);
  assert.equal(status, 200);
  assert.equal(body, '');
});

for (const [header, configured, expected] of [
  [undefined, undefined, 10_000],
  [undefined, 3000, 3000],
  ['10', undefined, 9500],
  ['60', undefined, 59_500],
  ['5', undefined, 4500],
  ['1', undefined, 900],
  ['0.8', undefined, 720],
  ['0.001', undefined, 0.9],
  ['.5', undefined, 450],
  ['5', 3000, 3000],
  ['5', 30_000, 4500],
  ['0.1', 3000, 90],
  ['86400', undefined, 3_599_500],
  ['0', undefined, 10_000],
  ['0.0', 3000, 3000],
  ['-1', undefined, 10_000],
  ['NaN', undefined, 10_000],
  ['Infinity', undefined, 10_000],
  ['1e3', undefined, 10_000],
  ['10s', undefined, 10_000],
  ['10, 20', undefined, 10_000],
  ['', undefined, 10_000],
  ['9'.repeat(1000), undefined, 10_000],
] as const) {
  test(`scrape timeout "${header?.slice(0, 20)}" with ${configured} ms configured: collectors have ${expected} ms`, () => {
    assert.equal(scrapeTimeoutMs(header, configured), expected);
  });
}
