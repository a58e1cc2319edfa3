/** `zeroprom check` finds everything that `promtool check metrics` finds. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { needs } from '../../installed-programs.ts';
import { folderOf, zeroprom } from '../zeroprom.ts';

/** Our rule for each message of promtool. */
const rules: readonly (readonly [RegExp, string])[] = [
  [/no help text/, 'help'],
  [/use base unit/, 'base-units'],
  [/"_total" suffix/, 'counter-suffix'],
  [/should not have "(_bucket|_count|_sum|le|quantile)"/, 'reserved-names'],
  [/should not include type/, 'type-in-name'],
  [/should not contain ':'/, 'reserved-characters'],
  [/'snake_case' not 'camelCase'/, 'camel-case'],
  [/abbreviated units/, 'unit-abbreviations'],
  [/metric not unique/, 'duplicate-metric'],
];

const gauge = (name: string, help = 'Help.') => `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} 1\n`;

const inputs: Readonly<Record<string, string>> = {
  nothing: '',
  sound: gauge('queue_length'),
  'a comment only': '# only a comment\n',
  'no help': '# TYPE a gauge\na 1\n',
  'an empty help': '# HELP a\n# TYPE a gauge\na 1\n',
  'neither help nor type': 'a 1\n',
  'counter without _total': '# HELP hits Hits.\n# TYPE hits counter\nhits 1\n',
  'gauge with _total': gauge('hits_total'),
  'untyped with _total': '# HELP hits_total Hits.\n# TYPE hits_total untyped\nhits_total 1\n',
  'gauge with _count': gauge('hits_count'),
  'gauge with _sum': gauge('hits_sum'),
  'gauge with _bucket': gauge('hits_bucket'),
  'gauge with le': '# HELP a A.\n# TYPE a gauge\na{le="1"} 1\n',
  'gauge with quantile': '# HELP a A.\n# TYPE a gauge\na{quantile="1"} 1\n',
  'histogram with quantile':
    '# HELP a A.\n# TYPE a histogram\na_bucket{quantile="1",le="+Inf"} 1\na_sum{quantile="1"} 1\na_count{quantile="1"} 1\n',
  'summary with le': '# HELP a A.\n# TYPE a summary\na{le="1",quantile="1"} 1\na_sum{le="1"} 1\na_count{le="1"} 1\n',
  'type in the name': gauge('some_gauge_here') + gauge('some_gauge') + gauge('the_counter') + gauge('a_histogram'),
  colon: gauge('job:requests'),
  'camel case': `${gauge('queueLength')}# HELP b B.\n# TYPE b gauge\nb{labelName="1"} 1\nb{labelName="2"} 1\n`,
  units: [
    ...['hours', 'minutes', 'milliseconds', 'kilobytes', 'mebibytes', 'bits', 'fahrenheit', 'miles', 'pounds'],
    ...['kelvins', 'calories', 'kilometers', 'centigrams', 'decivolts', 'nanoamperes', 'weeks_to_go', 'inches'],
  ]
    .map((unit) => gauge(`the_${unit}`))
    .join(''),
  abbreviations: ['s', 'ms', 'us', 'ns', 'sec', 'b', 'kb', 'mb', 'gb', 'tb', 'pb', 'm', 'h', 'd']
    .map((unit) => gauge(`took_${unit}`) + gauge(`took_${unit}_once`))
    .join(''),
  'the same series twice': '# HELP a A.\n# TYPE a gauge\na{x="1"} 1\na{y="1"} 1\na{x="1"} 2\n',
  'the same series twice, at other times': '# HELP a A.\n# TYPE a gauge\na{x="1"} 1 1000\na{x="1"} 2 2000\n',
  'the same counter twice': '# HELP a_total A.\n# TYPE a_total counter\na_total 1\na_total 2\n',
  'labels in another order': '# HELP a A.\n# TYPE a gauge\na{x="1",y="2"} 1\na{y="2",x="1"} 2\n',
  'an invalid value': `${gauge('fine')}a nope\n`,
  'no value': 'a\n',
  'no line feed at the end': 'a 1',
  'an open brace': 'a{ 1\n',
  'an open quote': 'a{b="c} 1\n',
  'an unknown escape': 'a{b="\\q"} 1\n',
  'a label without quotes': 'a{b=c} 1\n',
  'a label twice': 'a{b="1",b="2"} 1\n',
  'an invalid name': '0a 1\n',
  'an invalid label name': 'a{0b="1"} 1\n',
  'an invalid timestamp': 'a 1 soon\n',
  'a timestamp with a fraction': 'a 1 1.5\n',
  'text after a timestamp': 'a 1 2 3\n',
  'TYPE twice': '# TYPE a gauge\n# TYPE a gauge\na 1\n',
  'HELP twice': '# HELP a A.\n# HELP a A.\na 1\n',
  'TYPE after samples': 'a 1\n# TYPE a gauge\n',
  'an unknown type': '# TYPE a gouge\na 1\n',
  'a type of OpenMetrics': '# HELP a A.\n# TYPE a info\na 1\n',
  'an unknown escape in HELP': '# HELP a A \\q.\na 1\n',
  'an invalid le': '# TYPE a histogram\na_bucket{le="x"} 1\na_sum 1\na_count 1\n',
  'an invalid quantile': '# TYPE a summary\na{quantile="x"} 1\na_sum 1\na_count 1\n',
  'a negative count': '# TYPE a summary\na_sum 1\na_count -1\n',
  'a NUL byte': 'a{b="\u0000"} 1\n',
  'a carriage return': 'a 1\r\n',
  'the label __name__': 'a{__name__="b"} 1\n',
  'a metric type in the middle of another': '# TYPE a gauge\n# TYPE b gauge\na 1\nb 1\na{x="1"} 1\n',
};

interface Found {
  readonly input: string;
  readonly rule: string;
  readonly family?: string;
  readonly line?: number;
}

test('check finds everything that promtool finds', needs('promtool'), async (t) => {
  const names = Object.keys(inputs);
  const path = folderOf(t, Object.fromEntries(names.map((name, index) => [`${index}.prom`, inputs[name] ?? ''])));
  const paths = names.map((_, index) => path(`${index}.prom`));
  const { stdout } = await zeroprom(['check', '--from', 'text', '--format', 'json', ...paths]);
  const ours: Found[] = JSON.parse(stdout);
  let compared = 0;
  for (const [index, name] of names.entries()) {
    const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: inputs[name], encoding: 'utf8' });
    const found = ours.filter(({ input }) => input === paths[index]);
    for (const line of (stdout + stderr).trim().split('\n')) {
      if (line === '') continue;
      compared++;
      assert.ok(
        found.some((finding) => isSame(finding, line)),
        `${name}: promtool says "${line}", check ${JSON.stringify(found)}`,
      );
    }
  }
  assert.ok(compared >= names.length, `only ${compared} findings were compared`);
});

function isSame({ rule, family, line }: Found, said: string): boolean {
  const [, place] = /parsing error in line (\d+)/.exec(said) ?? [];
  if (place !== undefined) return rule === 'parse' && line === Number(place);
  const [name = '', ...words] = said.split(' ');
  const sentence = words.join(' ');
  const expected = rules.find(([pattern]) => pattern.test(sentence))?.[1];
  return rule === expected && family === name;
}
