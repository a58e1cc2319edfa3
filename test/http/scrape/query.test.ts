import assert from 'node:assert/strict';
import { test } from 'node:test';
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
  ['?collect[]=gpu', 'There is no collector "gpu", or it is disabled.'],
  ['?exclude[]=gpu', 'There is no collector "gpu", or it is disabled.'],
  ['?collect[]=toString', 'There is no collector "toString", or it is disabled.'],
  ['?collect[]=%3Cimg%20src=x%3E', 'There is no collector "<img src=x>", or it is disabled.'],
  ['?collect[]=%0d%0aSet-Cookie:%20a=b', 'There is no collector "\\r\\nSet-Cookie: a=b", or it is disabled.'],
  ['?name[]=%', 'The query has a percent escape that is none.'],
  ['?name[]=%zz', 'The query has a percent escape that is none.'],
  ['?name[]=%ff', 'The query has a percent escape that is none.'],
  [`?${'name[]=x&'.repeat(1000)}`, 'More than 1000 parameters in the query.'],
] as const) {
  test(`the query "${query.slice(0, 40)}" is refused as a text that no browser takes for a page`, async (t) => {
    const url = await serve(t, metricsHandler({ registry: registry() }));
    const { status, headers, body } = await rawGet(url + query);
    assert.equal(status, 400);
    assert.equal(body, `${message}\n`);
    assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
    assert.equal(headers['x-content-type-options'], 'nosniff');
  });
}

test('a query of 1,000 names of no family is answered at once', async (t) => {
  const url = await serve(t, metricsHandler({ registry: registry() }));
  const names = Array.from({ length: 1000 }, (_, index) => `name[]=n${index}`).join('&');
  const { status, body } = await rawGet(`${url}?${names}`);
  assert.equal(status, 200);
  assert.equal(body, '');
});
