import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMetrics, openMetrics2, protobuf, text } from '../../src/exposition/formats.ts';
import { negotiate } from '../../src/exposition/negotiate.ts';

const PROTOBUF = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';
const TEXT = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const OPENMETRICS_2 = 'application/openmetrics-text; version=2.0.0; charset=utf-8';
const OPENMETRICS_2_RC = 'application/openmetrics-text; version=2.0.0-rc; charset=utf-8';

/** Accept headers of servers, and the expected formats. */
const servers: readonly [version: string, accept: string, contentType: string][] = [
  ['2.4', 'text/plain;version=0.0.4;q=1,*/*;q=0.1', TEXT],
  [
    '2.33',
    'application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'application/openmetrics-text; version=0.0.1; charset=utf-8; escaping=underscores',
  ],
  [
    '2.40',
    'application/openmetrics-text;version=1.0.0;q=0.75,application/openmetrics-text;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    `${OPENMETRICS}; escaping=underscores`,
  ],
  [
    '2.42 with native histograms',
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    `${PROTOBUF}; escaping=underscores`,
  ],
  [
    '2.49, whose catch-all outweighs all',
    'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=2',
    `${OPENMETRICS}; escaping=underscores`,
  ],
  [
    '3.0',
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;escaping=allow-utf-8;q=0.3,*/*;q=0.2',
    `${OPENMETRICS}; escaping=allow-utf-8`,
  ],
  [
    '3.16 with openmetrics2',
    'application/openmetrics-text;version=2.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.3',
    `${OPENMETRICS_2}; escaping=allow-utf-8`,
  ],
  [
    '3.4, protobuf first',
    'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
    `${PROTOBUF}; escaping=underscores`,
  ],
];

for (const [version, accept, contentType] of servers) {
  test(`Prometheus ${version} gets ${contentType}`, () => {
    assert.equal(negotiate(accept).contentType, contentType);
  });
}

for (const accept of [
  undefined,
  '',
  '*/*',
  'text/*',
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8',
  'text/plain;version=0.0.4;q=0',
]) {
  test(`${accept ?? 'no header'} requests no format and gets text 0.0.4 without an escaping scheme`, () => {
    assert.equal(negotiate(accept).contentType, 'text/plain; version=0.0.4; charset=utf-8');
  });
}

for (const accept of [
  'application/json',
  ';;;,,,===',
  'application/openmetrics-text;version=3.0.0',
  'application/vnd.google.protobuf',
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text',
]) {
  test(`${accept} gets text 0.0.4`, () => {
    assert.equal(negotiate(accept).contentType, TEXT);
  });
}

/** As `NegotiateAccept()` of prometheus/common 0.74 answers. */
const openMetrics2Requests: readonly [parameters: string, contentType: string][] = [
  ['version=2.0.0', `${OPENMETRICS_2}; escaping=allow-utf-8`],
  ['version=2.0.0; charset=utf-8', `${OPENMETRICS_2}; escaping=allow-utf-8`],
  ['version=2.0.0;escaping=allow-utf-8', `${OPENMETRICS_2}; escaping=allow-utf-8`],
  ['version=2.0.0;escaping=underscores', `${OPENMETRICS_2}; escaping=underscores`],
  ['version=2.0.0;escaping=dots', `${OPENMETRICS_2}; escaping=dots`],
  ['version=2.0.0;escaping=values', `${OPENMETRICS_2}; escaping=values`],
  ['version=2.0.0;escaping=nonsense', `${OPENMETRICS_2}; escaping=allow-utf-8`],
  ['version=2.0.0;escaping=', `${OPENMETRICS_2}; escaping=allow-utf-8`],
  ['version=2.0.0-rc', `${OPENMETRICS_2_RC}; escaping=allow-utf-8`],
  ['version=2.0.0-rc;escaping=underscores', `${OPENMETRICS_2_RC}; escaping=underscores`],
  ['version=2.0.0-rc;escaping=values', `${OPENMETRICS_2_RC}; escaping=values`],
  ['version=2.0.0-rc0', TEXT],
  ['version=2.0.0-RC', TEXT],
  ['version=2.0', TEXT],
  ['version=2', TEXT],
  ['version=2.0.1', TEXT],
  ['version=2.1.0', TEXT],
];

for (const [parameters, contentType] of openMetrics2Requests) {
  test(`OpenMetrics with ${parameters} gets ${contentType}`, () => {
    assert.equal(negotiate(`application/openmetrics-text;${parameters}`).contentType, contentType);
  });
}

for (const [accept, contentType] of [
  [
    'application/openmetrics-text;version=2.0.0;q=0.5,application/openmetrics-text;version=1.0.0;q=0.9',
    `${OPENMETRICS}; escaping=underscores`,
  ],
  [
    'application/openmetrics-text;version=2.0.0-rc;q=0.9,application/openmetrics-text;version=2.0.0;q=0.8',
    `${OPENMETRICS_2_RC}; escaping=allow-utf-8`,
  ],
  [
    'application/openmetrics-text;version=2.0.0-rc;q=0,application/openmetrics-text;version=1.0.0;q=0.8',
    `${OPENMETRICS}; escaping=underscores`,
  ],
  ['application/openmetrics-text;version=2.0.0,text/plain;escaping=values', `${OPENMETRICS_2}; escaping=allow-utf-8`],
  [
    'application/openmetrics-text;version=3.0.0;q=0.9,application/openmetrics-text;version=2.0.0;q=0.8',
    `${OPENMETRICS_2}; escaping=allow-utf-8`,
  ],
] as const) {
  test(`${accept} gets ${contentType}`, () => {
    assert.equal(negotiate(accept).contentType, contentType);
  });
}

test('the default of the caller replaces that of the format', () => {
  const accept = 'application/openmetrics-text;version=2.0.0';
  assert.equal(negotiate(accept, { escaping: 'dots' }).escaping, 'dots');
  assert.equal(negotiate(`${accept};escaping=values`, { escaping: 'dots' }).escaping, 'values');
  assert.equal(negotiate('application/openmetrics-text;version=1.0.0', { escaping: 'dots' }).escaping, 'dots');
});

test('a wildcard that gets OpenMetrics 2.0 gets UTF-8 names, as the Content-Type says', () => {
  assert.equal(negotiate('*/*', { offers: [openMetrics2] }).contentType, `${OPENMETRICS_2}; escaping=allow-utf-8`);
  assert.equal(
    negotiate('*/*;escaping=underscores', { offers: [openMetrics2] }).contentType,
    `${OPENMETRICS_2}; escaping=underscores`,
  );
});

test('a client that requests a format that is not offered gets the offered one without UTF-8 names', () => {
  assert.equal(
    negotiate('application/json', { offers: [openMetrics2] }).contentType,
    `${OPENMETRICS_2}; escaping=underscores`,
  );
});

test('the experimental version is used only if it is requested by name', () => {
  assert.match(negotiate('application/openmetrics-text').contentType, /version=0\.0\.1/);
  assert.match(negotiate('application/*').contentType, /version=1\.0\.0/);
});

test('the first of clauses with equal weights is used', () => {
  assert.equal(negotiate('text/plain,application/openmetrics-text;version=1.0.0').format, text);
  assert.equal(negotiate('application/openmetrics-text;version=1.0.0,text/plain').format, openMetrics);
});

test('a clause with weight 0 is not used', () => {
  const accept = 'application/openmetrics-text;version=1.0.0;q=0,text/plain;q=0.1';
  assert.equal(negotiate(accept).format, text);
});

test('the escaping scheme is that of the chosen clause', () => {
  const accept =
    'application/json;escaping=values,text/plain;escaping=dots,text/plain;version=1.0.0;escaping=values;q=0.5';
  assert.equal(negotiate(accept).contentType, 'text/plain; version=0.0.4; charset=utf-8; escaping=dots');
});

test('the Content-Type contains nothing from the request', () => {
  const accept = 'text/plain; version=0.0.4; escaping="x\r\nSet-Cookie: a=b"; charset=x';
  assert.equal(negotiate(accept).contentType, TEXT);
});

test('media types and parameter names may be in upper case, and values may be quoted', () => {
  assert.equal(
    negotiate('Application/Vnd.Google.Protobuf; PROTO="io.prometheus.client.MetricFamily"; Encoding=delimited').format,
    protobuf,
  );
});

test('an endless header is not read to its end', () => {
  const accept = `${'text/html,'.repeat(1000)}application/openmetrics-text;version=1.0.0`;
  assert.equal(negotiate(accept).format, text);
});

test('only offered formats are chosen', () => {
  assert.equal(negotiate('application/openmetrics-text;version=1.0.0', { offers: [text] }).format, text);
  assert.equal(negotiate('*/*', { offers: [protobuf, text] }).format, protobuf);
  assert.equal(negotiate('application/json', { offers: [protobuf, text] }).format, text);
  assert.equal(negotiate('application/json', { offers: [protobuf] }).format, protobuf);
});
