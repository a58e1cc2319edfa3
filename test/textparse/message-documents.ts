/** PrometheusProto documents: messages as clients write them, and messages with inconsistent fields. */
import { delimited, double, field, integer, signed, zigzag } from '../parse/protobuf/wire.ts';
import { pick, type Random } from '../random.ts';

const NAMES = ['a', 'b', 'a_total', 'a.b', 'h', ''];
const VALUES = [0, 1, 2.5, -1, -0, Number.NaN, Number.POSITIVE_INFINITY, 17, 0.1];
const BOUNDS = [0.5, 1, 2, 10, 1e6, -1, 0, Number.POSITIVE_INFINITY, Number.NaN];

export function drawMessages(random: Random): Buffer {
  const families = Array.from({ length: 1 + random(3) }, () => drawFamily(random));
  return Buffer.from(delimited(...families));
}

function drawFamily(random: Random): number[] {
  const type = random(6);
  const metrics = Array.from({ length: random(4) }, () => field(4, drawMetric(type, random))).flat();
  const name = random(20) === 0 ? '' : pick(random, NAMES.slice(0, -1));
  const help = random(2) === 0 ? field(2, pick(random, ['Help.', 'a\nb', 'ü'])) : [];
  const unit = random(4) === 0 ? field(5, 'seconds') : [];
  return [...field(1, name), ...help, ...(type === 0 && random(2) === 0 ? [] : integer(3, type)), ...metrics, ...unit];
}

function drawMetric(type: number, random: Random): number[] {
  const labels =
    random(2) === 0 ? [] : label(pick(random, ['x', 'y', 'x', 'le', 'quantile']), pick(random, ['1', '2', '', 'ü']));
  const more = random(4) === 0 ? label('z', '1') : [];
  const shown = random(12) === 0 ? random(6) : type;
  const value = random(20) === 0 ? [] : drawValue(shown, random);
  const time = random(4) === 0 ? integer(6, pick(random, [0, 1, -5, 1520879607789])) : [];
  return [...labels, ...more, ...value, ...time];
}

function drawValue(type: number, random: Random): number[] {
  switch (type) {
    case 0:
      return field(3, [...double(1, pick(random, VALUES)), ...maybe(random, 3, () => field(2, exemplar(random))), ...maybe(random, 3, () => field(3, timestamp()))]); // biome-ignore format: one line
    case 1:
      return field(2, double(1, pick(random, VALUES)));
    case 2:
      return field(4, drawSummary(random));
    case 3:
      return field(5, double(1, pick(random, VALUES)));
    default:
      return field(7, drawHistogram(random));
  }
}

function drawSummary(random: Random): number[] {
  const quantiles = Array.from({ length: random(3) }, () => {
    return field(3, [...double(1, pick(random, [0.5, 0.9, 0.99, Number.NaN, 2])), ...double(2, pick(random, VALUES))]);
  });
  const start = maybe(random, 3, () => field(4, timestamp()));
  return [...integer(1, random(20)), ...double(2, pick(random, VALUES)), ...quantiles.flat(), ...start];
}

function drawHistogram(random: Random): number[] {
  const isFloat = random(4) === 0;
  const counts = [random(4), random(4), random(4)];
  const classic = random(4) > 0 ? drawBuckets(counts, isFloat, random) : [];
  const native = random(2) === 0 ? drawNative(counts, isFloat, random) : [];
  const total = random(10) === 0 ? random(20) : counts.reduce((sum, count) => sum + count, 0);
  const count = isFloat ? double(4, total) : integer(1, total);
  const sum = random(12) === 0 ? [] : double(2, pick(random, VALUES));
  const start = maybe(random, 3, () => field(15, timestamp()));
  return [...count, ...sum, ...classic, ...native, ...start, ...maybe(random, 3, () => field(16, exemplar(random)))];
}

function drawBuckets(counts: readonly number[], isFloat: boolean, random: Random): number[] {
  let cumulative = 0;
  const bounds = random(6) === 0 ? [pick(random, BOUNDS), pick(random, BOUNDS)] : [0.5, 1];
  if (random(3) === 0) bounds.push(Number.POSITIVE_INFINITY);
  return bounds.flatMap((bound, index) => {
    cumulative += counts[index] ?? 0;
    const held = random(12) === 0 ? pick(random, VALUES) : cumulative;
    const count = isFloat || random(12) === 0 ? double(4, held) : integer(1, cumulative);
    return field(3, [...count, ...double(2, bound), ...maybe(random, 4, () => field(3, exemplar(random)))]);
  });
}

/** In most cases, the buckets add up to the same count as the classic ones. */
function drawNative([zeros = 0, one = 0, other = 0]: readonly number[], isFloat: boolean, random: Random): number[] {
  const offset = random(8) === 0 ? pick(random, [0, -3, 1]) : 3;
  const spans = [
    ...field(12, [...signed(1, -2), ...integer(2, 1)]),
    ...field(12, [...signed(1, offset), ...integer(2, 1)]),
  ];
  const first = random(10) === 0 ? pick(random, [-4, 3, 0]) : one;
  const buckets = isFloat
    ? field(
        14,
        [first, other].flatMap((value) => double(0, value).slice(1)),
      )
    : field(13, [...zigzag(first), ...zigzag(other - first)]);
  const zero = isFloat ? double(8, zeros) : integer(7, zeros);
  const schema = random(8) === 0 ? signed(5, random(20) - 8) : signed(5, 3);
  const threshold = random(3) === 0 ? [] : double(6, random(8) === 0 ? pick(random, VALUES) : 0.1);
  return [...schema, ...threshold, ...zero, ...(random(8) === 0 ? [] : [...spans, ...buckets])];
}

function label(name: string, value: string): number[] {
  return field(1, [...field(1, name), ...field(2, value)]);
}

function exemplar(random: Random): number[] {
  const time = maybe(random, 2, () => field(3, timestamp()));
  return [...label('trace_id', 'x'), ...double(2, pick(random, VALUES)), ...time];
}

function timestamp(): number[] {
  return [...integer(1, 1520879607), ...integer(2, 789e6)];
}

function maybe(random: Random, one: number, draw: () => number[]): number[] {
  return random(one) === 0 ? draw() : [];
}
