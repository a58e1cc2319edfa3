import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

interface Family {
  readonly type: string;
  readonly labels: string;
  readonly help: string;
}

/** The families of the golden scrape, except the build info, which is not in the table. */
function families(): Record<string, Family> {
  const text = readFileSync('test/golden/default-metrics.txt', 'utf8');
  const found = [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)\n(.*)$/gm)].map((match) => {
    const [, name = '', help = '', type = '', sample = ''] = match;
    const names = [...sample.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== 'le');
    return [name, { type, labels: names.join(', '), help }] as const;
  });
  return Object.fromEntries(found.filter(([name]) => name !== 'app_build_info'));
}

test('the page lists exactly the default metrics, with their types, labels and help texts', () => {
  const page = readFileSync('docs/default-metrics.md', 'utf8');
  const rows = [...page.matchAll(/^\| \w+ \| `(\w+)` \| (\w+) \|(.*?)\| (.*) \|$/gm)].map((match) => {
    const [, name = '', type = '', labels = '', help = ''] = match;
    return [name, { type, labels: labels.replaceAll('`', '').trim(), help }] as const;
  });
  assert.equal(new Set(rows.map(([name]) => name)).size, rows.length);
  assert.deepEqual(Object.fromEntries(rows), families());
});
