/** Series that a server stores for the page, written by hand from the specifications of the formats. */
import { type ExpectedFamily, type ExpectedSample, family, type Scheme, type View } from './expected-family.ts';
import { expectedHistograms } from './expected-histograms.ts';
import { DOOR, ODD, PATH, REQUESTS_HELP, SERVICE, TEMPERATURE, type Times } from './page.ts';

/** The names that need escaping, by hand. */
const NAMES: { readonly [scheme in Scheme]: { readonly [name: string]: string } } = {
  'allow-utf-8': { temperature: TEMPERATURE, service: SERVICE, odd: ODD, door: DOOR },
  underscores: {
    temperature: 'http_server_temperature',
    service: 'service_name',
    odd: 'odd__name____here',
    door: 'door_state',
  },
  dots: {
    temperature: 'http_dot_server__temperature',
    service: 'service_dot_name',
    odd: 'odd____name________here',
    door: 'door_dot_state',
  },
  values: {
    temperature: 'U__http_2e_server__temperature',
    service: 'U__service_2e_name',
    odd: 'U__odd_20__22_name_22__20__5c__20_here',
    door: 'U__door_2e_state',
  },
};

export function expectedFamilies(view: View): ExpectedFamily[] {
  const { protocol, server } = view;
  const all = [...counters(view), ...gauges(view), ...expectedHistograms(view), ...summaries(view), ...others(view)];
  // Text has neither units nor exemplars, and Prometheus 2 reads no units from protobuf.
  const hasUnits = protocol !== 'text' && !(protocol === 'protobuf' && server === 'before 3.0');
  return all.map((each) => ({
    ...each,
    unit: hasUnits ? each.unit : '',
    exemplars: protocol === 'text' ? [] : each.exemplars,
  }));
}

function counters({ protocol }: View): ExpectedFamily[] {
  const isOpenMetrics1 = protocol === 'openmetrics';
  const get = { method: 'GET', path: '/' };
  // In protobuf, help texts are as they are.
  const help = protocol === 'protobuf' ? `${REQUESTS_HELP}\r` : REQUESTS_HELP;
  return [
    family(
      isOpenMetrics1 ? 'requests' : 'requests_total',
      'counter',
      help,
      [
        ['requests_total', get, 3],
        ['requests_total', { method: 'POST', path: PATH }, 2.5],
      ],
      { hasStart: true, exemplars: [['requests_total', get, 'abc', 2]] },
    ),
    family(
      isOpenMetrics1 ? 'sent_bytes' : 'sent_bytes_total',
      'counter',
      'A unit before _total.',
      [['sent_bytes_total', {}, 2 ** 53]],
      { hasStart: true, unit: 'bytes' },
    ),
    family(
      'jobs',
      isOpenMetrics1 ? 'unknown' : 'counter',
      'A counter without _total, and a unit that is not in its name.',
      [['jobs', {}, 7]],
      {
        hasStart: !isOpenMetrics1,
        unit: protocol === 'openmetrics2' ? 'seconds' : '',
        exemplars: isOpenMetrics1 ? [] : [['jobs', {}, 'job', 1]],
      },
    ),
  ];
}

function gauges({ scheme }: View): ExpectedFamily[] {
  const { temperature = '', service = '', odd = '' } = NAMES[scheme];
  const rooms = { cold: -12.5, small: 1e-7, hot: Number.POSITIVE_INFINITY, lost: Number.NEGATIVE_INFINITY };
  return [
    family(
      'temperature_celsius',
      'gauge',
      'Numbers of all kinds.',
      Object.entries({ ...rooms, broken: Number.NaN }).map(
        ([room, value]): ExpectedSample => ['temperature_celsius', { room }, value],
      ),
      { unit: 'celsius' },
    ),
    family(temperature, 'gauge', 'Dots in both names.', [[temperature, { [service]: 'api', plain: 'x' }, 1]]),
    family(metadataName(odd), 'gauge', 'Characters that are escaped.', [[odd, {}, 2]]),
    family('stamped', 'gauge', 'With a timestamp.', [['stamped', {}, 6]]),
  ];
}

/** Prometheus keeps metadata under the name as it is escaped in the exposition. */
function metadataName(name: string): string {
  return name.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

function summaries({ protocol }: View): ExpectedFamily[] {
  const isOpenMetrics1 = protocol === 'openmetrics';
  const balance: readonly ExpectedSample[] = [
    ['balance', { quantile: '0.5' }, -1],
    ['balance_sum', {}, Number.NaN],
    ['balance_count', {}, 2],
  ];
  return [
    family(
      'size_bytes',
      'summary',
      'Quantiles, one of them unknown.',
      [
        ['size_bytes', { quantile: '0.5' }, 10],
        ['size_bytes', { quantile: '0.99' }, Number.NaN],
        ['size_bytes_sum', {}, 40],
        ['size_bytes_count', {}, 4],
      ],
      { unit: 'bytes', hasStart: true },
    ),
    family(
      'balance',
      'summary',
      'A sum of NaN, and a negative quantile value.',
      // OpenMetrics forbids such a sum and such a quantile; 2.0 has no summary without a sum.
      protocol === 'openmetrics2' ? [] : isOpenMetrics1 ? balance.slice(2) : balance,
    ),
  ];
}

function others({ protocol, scheme }: View): ExpectedFamily[] {
  const { door = '' } = NAMES[scheme];
  const hasTypes = protocol === 'openmetrics' || protocol === 'openmetrics2';
  const stateSet = hasTypes ? 'stateset' : 'gauge';
  return [
    family(protocol === 'openmetrics' ? 'app' : 'app_info', hasTypes ? 'info' : 'gauge', 'What runs.', [
      ['app_info', { version: '1.2.3' }, 1],
    ]),
    family('light', stateSet, 'A state of two.', [
      ['light', { site: 'a', light: 'red' }, 0],
      ['light', { site: 'a', light: 'green' }, 1],
    ]),
    family(door, stateSet, 'The name of a state set is a label too.', [[door, { [door]: 'open' }, 1]]),
    family('unclear', 'unknown', 'Of unknown type.', [['unclear', {}, 1.5]]),
  ];
}

/** The time of each exemplar, and of the sample `stamped`. */
export function sampleMs({ sample }: Times): number {
  return Math.round(sample * 1000);
}
