/** How servers are configured: every protocol with every escaping scheme, and the features that change what is stored. */
import type { Scheme, View } from './expected-family.ts';

export interface Configuration {
  readonly name: string;
  /** Settings of the job, in YAML. */
  readonly settings: string;
  /** The expected Content-Type of the response. */
  readonly contentType: string;
  readonly view: View;
  /** Whether the page has `_created` lines. */
  readonly createdLines?: boolean;
  /** Whether it scrapes a Unix socket. */
  readonly isSocket?: boolean;
  /** The first version with this configuration. */
  readonly since?: string;
}

/** Configurations that share a server, as they need the same features. */
export interface Group {
  readonly name: string;
  readonly features: readonly string[];
  /** The first version that has all of the features. */
  readonly since: string;
  /** The first version that is not tested. */
  readonly before?: string;
  readonly configurations: readonly Configuration[];
  /** Series that the features add. */
  readonly adds?: 'zeros' | 'types and units' | 'start times';
}

const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const PROTOBUF = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

/** Each protocol, its view, its Content-Type, and whether servers request an escaping scheme with it. */
type Protocols = readonly (readonly [
  name: string,
  protocol: View['protocol'],
  contentType: string,
  hasScheme: boolean,
])[];

const protocols: Protocols = [
  ['OpenMetricsText1.0.0', 'openmetrics', OPENMETRICS, true],
  ['OpenMetricsText0.0.1', 'openmetrics', 'application/openmetrics-text; version=0.0.1; charset=utf-8', false],
  ['PrometheusText1.0.0', 'text', 'text/plain; version=1.0.0; charset=utf-8', true],
  ['PrometheusText0.0.4', 'text', 'text/plain; version=0.0.4; charset=utf-8', false],
  ['PrometheusProto', 'protobuf', PROTOBUF, false],
];

const openMetrics2 = [
  'OpenMetricsText2.0.0',
  'openmetrics2',
  'application/openmetrics-text; version=2.0.0; charset=utf-8',
  true,
] as const;

const schemes: readonly [validation: 'utf8' | 'legacy', scheme: Scheme][] = [
  ['utf8', 'allow-utf-8'],
  ['utf8', 'underscores'],
  ['utf8', 'dots'],
  ['utf8', 'values'],
  ['legacy', 'underscores'],
  ['legacy', 'dots'],
  ['legacy', 'values'],
];

function withEveryScheme([name, protocol, contentType, hasScheme]: Protocols[number]): Configuration[] {
  return schemes.map(([validation, asked]) => {
    const scheme = hasScheme ? asked : 'underscores';
    return {
      name: `${name}, ${validation}, ${asked}`,
      settings: [
        `scrape_protocols: [${name}]`,
        `metric_name_validation_scheme: ${validation}`,
        `metric_name_escaping_scheme: ${asked}`,
      ].join(', '),
      contentType: `${contentType}; escaping=${scheme}`,
      view: { protocol, scheme },
    };
  });
}

type Protocol = 'text' | 'openmetrics' | 'openmetrics2' | 'protobuf';

const scraped: { readonly [protocol in Protocol]: readonly [setting: string, contentType: string, scheme: Scheme] } = {
  text: ['PrometheusText1.0.0', 'text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8', 'allow-utf-8'],
  openmetrics: ['OpenMetricsText1.0.0', `${OPENMETRICS}; escaping=allow-utf-8`, 'allow-utf-8'],
  openmetrics2: [openMetrics2[0], `${openMetrics2[2]}; escaping=allow-utf-8`, 'allow-utf-8'],
  protobuf: ['PrometheusProto', `${PROTOBUF}; escaping=underscores`, 'underscores'],
};

/** One protocol with settings for histograms. */
function histogramsIn(protocol: Protocol, setting: string, view: Partial<View>): Configuration {
  const [name, contentType, scheme] = scraped[protocol];
  return {
    name: `${name}, ${setting}`,
    settings: `scrape_protocols: [${name}]${setting === '' ? '' : `, ${setting}`}`,
    contentType,
    view: { protocol, scheme, ...view },
  };
}

const NATIVE = 'scrape_native_histograms: true';
const CLASSIC = 'always_scrape_classic_histograms: true';
const CONVERT = 'convert_classic_histograms_to_nhcb: true';

const conversions = (all: readonly Protocol[]) =>
  all.flatMap((protocol) => [
    histogramsIn(protocol, CONVERT, { isConverted: true }),
    histogramsIn(protocol, `${CONVERT}, ${CLASSIC}`, { isConverted: true, keepsClassic: true }),
  ]);

const byDefault: Configuration = {
  name: 'no settings',
  settings: '',
  contentType: `${OPENMETRICS}; escaping=allow-utf-8`,
  view: { protocol: 'openmetrics', scheme: 'allow-utf-8' },
};

const legacyDefault: Configuration = {
  name: 'no settings',
  settings: '',
  contentType: `${OPENMETRICS}; escaping=underscores`,
  view: { protocol: 'openmetrics', scheme: 'underscores' },
};

const nativeByDefault: Configuration = {
  name: 'no settings',
  settings: '',
  contentType: `${PROTOBUF}; escaping=underscores`,
  view: { protocol: 'protobuf', scheme: 'underscores', hasNative: true },
};

const asProtobuf: Configuration = {
  ...nativeByDefault,
  view: { protocol: 'protobuf', scheme: 'underscores' },
};

const withCreatedLines: Configuration = {
  ...histogramsIn('openmetrics', '', {}),
  name: 'OpenMetricsText1.0.0 with _created lines',
  createdLines: true,
};

export const groups: readonly Group[] = [
  {
    name: 'Prometheus 2',
    features: ['exemplar-storage'],
    since: '2.40',
    before: '3.0',
    configurations: [legacyDefault],
  },
  {
    name: 'Prometheus 2 with native histograms',
    features: ['exemplar-storage', 'native-histograms'],
    since: '2.40',
    before: '3.0',
    configurations: [nativeByDefault],
  },
  {
    name: 'protocols and escaping schemes',
    features: ['exemplar-storage'],
    since: '3.4',
    configurations: [
      byDefault,
      { ...byDefault, name: 'no compression', settings: 'enable_compression: false' },
      ...protocols.flatMap(withEveryScheme),
      ...conversions(['text', 'openmetrics']).map((each) => ({ ...each, since: '3.8' })),
    ],
  },
  {
    name: 'native histograms as a feature',
    features: ['exemplar-storage', 'native-histograms'],
    since: '3.4',
    before: '3.8',
    configurations: [
      nativeByDefault,
      { ...nativeByDefault, name: CLASSIC, settings: CLASSIC, view: { ...nativeByDefault.view, keepsClassic: true } },
      ...conversions(['text', 'openmetrics']),
      histogramsIn('protobuf', CONVERT, { hasNative: true, isConverted: true }),
      histogramsIn('protobuf', `${CONVERT}, ${CLASSIC}`, { hasNative: true, isConverted: true, keepsClassic: true }),
    ],
  },
  {
    name: 'native histograms and OpenMetrics 2.0',
    features: ['exemplar-storage', 'openmetrics2', 'zstd-scrape'],
    since: '3.15',
    configurations: [
      { ...nativeByDefault, name: NATIVE, settings: NATIVE },
      {
        ...nativeByDefault,
        name: `${NATIVE}, ${CLASSIC}`,
        settings: `${NATIVE}, ${CLASSIC}`,
        view: { ...nativeByDefault.view, keepsClassic: true },
      },
      ...withEveryScheme(openMetrics2),
      histogramsIn('openmetrics2', NATIVE, { hasNative: true }),
      histogramsIn('openmetrics2', `${NATIVE}, ${CLASSIC}`, { hasNative: true, keepsClassic: true }),
      ...conversions(['protobuf', 'openmetrics2']),
      histogramsIn('protobuf', `${CONVERT}, ${NATIVE}`, { hasNative: true, isConverted: true }),
      histogramsIn('openmetrics2', `${CONVERT}, ${NATIVE}`, { hasNative: true, isConverted: true }),
      { ...byDefault, name: 'a Unix socket', isSocket: true },
    ],
  },
  {
    name: 'zeros at start times',
    features: ['created-timestamp-zero-ingestion', 'exemplar-storage'],
    since: '3.8',
    adds: 'zeros',
    configurations: [asProtobuf, withCreatedLines, { ...nativeByDefault, name: NATIVE, settings: NATIVE }],
  },
  {
    name: 'zeros at start times, as in 3.5',
    features: ['created-timestamp-zero-ingestion', 'native-histograms', 'exemplar-storage'],
    since: '3.4',
    before: '3.8',
    adds: 'zeros',
    configurations: [nativeByDefault, withCreatedLines],
  },
  {
    name: 'start times',
    features: [
      'st-storage',
      'use-start-timestamps',
      'promql-experimental-functions',
      'openmetrics2',
      'exemplar-storage',
    ],
    since: '3.15',
    adds: 'start times',
    configurations: [asProtobuf, withCreatedLines, histogramsIn('openmetrics2', NATIVE, { hasNative: true })],
  },
  {
    name: 'types and units as labels',
    features: ['type-and-unit-labels', 'openmetrics2', 'exemplar-storage'],
    since: '3.15',
    adds: 'types and units',
    configurations: [
      byDefault,
      histogramsIn('protobuf', NATIVE, { hasNative: true }),
      histogramsIn('openmetrics2', NATIVE, { hasNative: true }),
    ],
  },
  {
    name: 'types and units as labels, as in 3.5',
    features: ['type-and-unit-labels', 'exemplar-storage'],
    since: '3.5',
    before: '3.15',
    adds: 'types and units',
    configurations: [byDefault, histogramsIn('openmetrics', '', {})],
  },
];
