import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { apiUses } from '../../../src/cli/migrate/api-uses.ts';
import { assertCpuTime } from '../../cpu-time.ts';

/** Each use, with its form unless the text shows it. */
function uses(source: string, name = 'prom-client'): string[] {
  return apiUses(source, name).map(({ form, text }) => (form === 'new' || form === 'call' ? text : `${form}: ${text}`));
}

/** Programs, and the uses in them. */
const programs: Readonly<Record<string, readonly string[]>> = {
  // How the module is loaded.
  "const client = require('prom-client'); new client.Counter({});": ['new Counter'],
  "import client from 'prom-client';\nclient.register.metrics();": ['register.metrics()'],
  "import * as client from 'prom-client';\nclient.collectDefaultMetrics();": ['collectDefaultMetrics()'],
  "import client, { Gauge } from 'prom-client'\nnew Gauge({})\nnew client.Summary({})": ['new Gauge', 'new Summary'],
  "import client, * as all from 'prom-client'; new all.Gauge({}); new client.Gauge({});": ['new Gauge', 'new Gauge'],
  "import { Counter as C, register } from 'prom-client';\nnew C({}); register.clear();": [
    'new Counter',
    'register.clear()',
  ],
  "import { default as client } from 'prom-client'; client.register;": ['reference: register'],
  "import type { Counter } from 'prom-client'; let c: Counter;": [],
  "import { type Counter, Gauge } from 'prom-client'; let c: Counter; new Gauge({});": ['new Gauge'],
  "import type from 'prom-client'; type.register.clear();": ['register.clear()'],
  "import client = require('prom-client'); new client.Gauge({});": ['new Gauge'],
  "import 'prom-client';": [],
  "require('prom-client');": [],
  "const { Counter, register: metrics } = require('prom-client'); new Counter({}); metrics.metrics();": [
    'new Counter',
    'register.metrics()',
  ],
  "const { Counter = Other, Gauge } = require('prom-client'); new Counter({}); new Gauge({});": [
    'new Counter',
    'new Gauge',
  ],
  "const register = require('prom-client').register; register.metrics();": [
    'reference: register',
    'register.metrics()',
  ],
  "require('prom-client').collectDefaultMetrics({});": ['collectDefaultMetrics()'],
  "new (require('prom-client').Counter)({});": ['new Counter'],
  "const client = await import('prom-client'); client.default.register.metrics();": ['register.metrics()'],
  "const { Counter } = await import('prom-client'); new Counter({});": ['new Counter'],
  "(await import('prom-client')).register.metrics();": ['register.metrics()'],
  "import('prom-client').then((client) => client.register);": ["lost: import('prom-client')"],
  "let client; client = require('prom-client'); new client.Gauge({});": ['new Gauge'],
  "const client: typeof import('prom-client') = require('prom-client'); new client.Gauge({});": ['new Gauge'],
  "const client: any = require('prom-client'); new client.Gauge({});": ['new Gauge'],
  "function f(client = require('prom-client')) { new client.Gauge({}); }": ['new Gauge'],
  // Output of compilers.
  'const prom_client_1 = require("prom-client"); (0, prom_client_1.collectDefaultMetrics)();': [
    'collectDefaultMetrics()',
  ],
  'const p = __importDefault(require("prom-client")); new p.default.Counter({});': ['new Counter'],
  'const p = tslib_1.__importStar(require("prom-client")); p.register.clear();': ['register.clear()'],
  'var p = _interopRequireWildcard(require("prom-client")); new p.Gauge({});': ['new Gauge'],
  'var p = __toESM(require("prom-client"), 1); new p.Gauge({});': ['new Gauge'],
  'let prom_client = require("prom-client"); prom_client = __toESM(prom_client, 1); new prom_client.Gauge({});': [
    'new Gauge',
  ],
  // How its parts are used.
  "const c = require('prom-client'); c['register']['metrics']();": ['register.metrics()'],
  "const c = require('prom-client'); c.register?.metrics?.(); c!.register!.clear();": [
    'register.metrics()',
    'register.clear()',
  ],
  "import { register } from 'prom-client'; register.getSingleMetric<Gauge>('a');": ['register.getSingleMetric()'],
  "import { Counter } from 'prom-client'; new Counter<'a'>({}); x instanceof Counter; class B extends Counter {}": [
    'new Counter',
    'reference: Counter',
    'reference: Counter',
  ],
  "const c = require('prom-client'); const { Gauge } = c; new Gauge({});": ['new Gauge'],
  "const c = require('prom-client'); const G = c.Gauge; new G({});": ['reference: Gauge', 'new Gauge'],
  "const c = require('prom-client'); const d = c; new d.Gauge({});": ['new Gauge'],
  "import { register } from 'prom-client'; const { metrics } = register;": ['reference: register'],
  "this.client = require('prom-client'); new this.client.Gauge({}); that.client.Gauge();": [
    "lost: require('prom-client')",
    'new Gauge',
  ]
    .reverse()
    .reverse(),
  // Uses that the scan cannot follow.
  "const c = require('prom-client'); new c[type]({}); c[`a`];": ['lost: c', 'lost: c'],
  "const c = require('prom-client'); use(c);": ['lost: c'],
  "const c = require('prom-client'); module.exports = { c };": ['lost: c'],
  "module.exports = require('prom-client');": ["lost: require('prom-client')"],
  "export * from 'prom-client';": ["lost: 'prom-client'"],
  "export { Counter } from 'prom-client';": ["lost: 'prom-client'"],
  "export type { Counter } from 'prom-client';": [],
  "import c from 'prom-client'; c.register[name]();": ['lost: register'],
  "const { Counter, ...rest } = require('prom-client');": ["lost: require('prom-client')"],
  "jest.mock('prom-client');": ["text: 'prom-client'"],
  "require.resolve('prom-client'); load(`prom-client`);": ["text: 'prom-client'", "text: 'prom-client'"],
  "const c = require('prom-client'); c.register._metrics.a; counter.hashMap[''];": [
    'reference: register._metrics',
    'lost: _metrics',
    'lost: hashMap',
  ],
  // Deep imports.
  "const Registry = require('prom-client/lib/registry'); new Registry();": ['deep import: lib/registry'],
  "import Gauge from 'prom-client/lib/gauge.js'; new Gauge({});": ['deep import: lib/gauge.js'],
  // Not a use.
  "// require('prom-client')\n/* new client.Counter() */": [],
  "const text = \"require('prom-client')\"; const other = `const c = require('prom-client')`;": [],
  "const pattern = /require('prom-client')/;": [],
  "require('prom-client-other'); require('other/prom-client');": [],
  "import { Counter } from './other.js'; new Counter({}); // prom-client": [],
  "const c = require('prom-client'); other.c.register; ({ c: 1 }); class A { c() {} }": [],
  "import { register } from 'prom-client'; class A { register(user) { } async register(a) { } }": [],
  "import { register } from 'prom-client'; class A { register(user: User): void { } private register = 1; }": [],
  "import { register } from 'prom-client'; const f = (register) => 1; const g = register => 2; function register() {}":
    [],
  "import { register } from 'prom-client'; function f(register: Registry, other?: X) {} ({ register: 1, a: 2 });": [],
  "const c = require('prom-client'); if (c) {} if (!c) {} const d = c && 1; typeof c === 'object';": [],
};

for (const [source, expected] of Object.entries(programs)) {
  test(`${JSON.stringify(source)} uses ${expected.length === 0 ? 'nothing' : expected.join(', ')}`, () => {
    assert.deepEqual(uses(source), expected);
  });
}

test('code in templates is code, and text in them is text', () => {
  const source = ["const c = require('prom-client'); `c.register $", '{c.register.contentType} c.Gauge`'].join('');
  assert.deepEqual(uses(source), ['reference: register.contentType']);
});

test('the names of the successor are found by its own name', () => {
  const source =
    "import { ClusterRegistry } from '@prometheus-io/client'; new ClusterRegistry(); require('prom-client').register;";
  assert.deepEqual(uses(source, '@prometheus-io/client'), ['new ClusterRegistry']);
  assert.deepEqual(uses(source), ['reference: register']);
});

/** Every use in the sources of installed dependants, with the lines. */
const dependants: Readonly<Record<string, readonly string[]>> = {
  'express-prom-bundle/src/index.js': [
    '20 new AggregatorRegistry',
    '71 reference: register',
    '90 collectDefaultMetrics()',
    '108 new Summary',
    '119 new Histogram',
    '140 new Gauge',
    '234 lost: promClient',
    '240 lost: promClient',
  ],
  'express-prom-bundle/src/normalizePath.js': [],
  'fastify-metrics/dist/resolve-client.js': ['21 lost: prom_client_1.default'],
  'fastify-metrics/dist/fastify-metrics.js': [],
};

for (const [file, expected] of Object.entries(dependants)) {
  test(`${file} has ${expected.length} uses`, () => {
    const source = readFileSync(`node_modules/${file}`, 'utf8');
    const found = apiUses(source, 'prom-client').map(({ offset, form, text }) => {
      const line = source.slice(0, offset).split('\n').length;
      return `${line} ${form === 'new' || form === 'call' ? text : `${form}: ${text}`}`;
    });
    assert.deepEqual(found, expected);
  });
}

test('hostile sources take linear time', () => {
  const load = "const c = require('prom-client');";
  const parts = [
    'c.register(',
    'c(',
    '(c',
    'new c.Counter<',
    'const d = c; c = d;',
    '{ c',
    'this.',
    'c:',
    "require('prom-client'",
    "from 'prom-client'",
    'import ',
    'export ',
  ];
  const chain = Array.from({ length: 20_000 }, (_, index) => `v${index + 1} = v${index};`).reverse();
  const sources = [...parts.map((part) => part.repeat(20_000)), `const v0 = c; ${chain.join('')}`];
  for (const source of sources) {
    const text = `${load}\nc.register;\n${source}`;
    // Quadratic time would take minutes.
    assertCpuTime(5_000, () => assert.notEqual(apiUses(text, 'prom-client').length, 0));
  }
});
