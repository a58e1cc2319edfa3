/** Text and OpenMetrics documents: families whose metadata matches their samples, or almost. They share a few names. */

import { pick, type Random } from '../random.ts';
import type { FormatName } from './oracle.ts';

type LineFormat = Exclude<FormatName, 'protobuf'>;

const NAMES = ['a', 'a', 'ab', 'b', 'a_seconds', 'x_total', 'h'];
const QUOTED_NAMES = ['"a.b"', '"ü"', '"a\\"b"', '"a"', '"a\\\\b"', '"a\\nb"', '"a\\zb"'];
const SUFFIXES = ['', '', '_total', '_created', '_bucket', '_count', '_sum', '_gcount', '_gsum', '_info'];
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'unknown', 'gaugehistogram', 'info', 'stateset'];
const TEXT_TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];
const VALUES = ['0', '1', '1', '2', '3', '17', '0.5', '1e3', '1.0', '-1', '-0', 'NaN', '+Inf', '-Inf', '9007199254740993', '1e-7', '.5', '5.', '123456789.125']; // biome-ignore format: a table
const BOUNDS = [
  '0.5',
  '1',
  '1.0',
  '2',
  '2.5',
  '10',
  '1e3',
  '+Inf',
  '-1',
  '0',
  '1e6',
  'Inf',
  'NaN',
  'x',
  '0x1p4',
  '1_0',
  '',
];
const HELPS = ['Help.', 'A \\\\ b', 'a\\nb', 'say \\"x\\"', '"raw"', 'a \\z', '', 'ü'];
const LABELS = ['x="1"', 'x="2"', 'y="a\\"b"', 'y="\\\\"', 'y="\\n"', 'z="ü"', 'x=""', '"q.r"="1"', 'le="1"', 'quantile="1"', 'a="on"', 'y="a\\zb"']; // biome-ignore format: a table

class LineDrawer {
  readonly #random: Random;
  readonly #format: LineFormat;

  constructor(format: LineFormat, random: Random) {
    this.#random = random;
    this.#format = format;
  }

  document(): string {
    const lines: string[] = [];
    for (let count = 1 + this.#random(4); count > 0; count--) lines.push(...this.#block());
    if (this.#chance(6)) this.#shuffleSome(lines);
    const isText = this.#format === 'text';
    const end = isText ? (this.#chance(8) ? '' : '\n') : this.#chance(8) ? '\n# EOF' : '\n# EOF\n';
    return lines.join('\n') + (lines.length === 0 ? end.slice(1) : end);
  }

  #block(): string[] {
    switch (this.#random(8)) {
      case 0:
        return [this.#sample(this.#anyName())];
      case 1:
        return [this.#metadata(this.#anyName())];
      case 2:
        return [...this.#heading(this.#anyName(), this.#type()), this.#sample(this.#anyName())];
      default:
        return this.#family();
    }
  }

  #family(): string[] {
    const type = this.#type();
    const name = this.#name();
    const declared = this.#chance(6) ? this.#withSuffix(name) : name;
    const lines: string[] = this.#chance(12) ? [] : this.#heading(declared, type);
    const sets = this.#chance(3) ? [[this.#label()], [this.#label(), this.#label()]] : [[]];
    for (const labels of sets) lines.push(...this.#points(name, type, unique(labels)));
    if (this.#chance(6)) lines.splice(this.#random(lines.length + 1), 0, this.#sample(this.#withSuffix(name)));
    if (this.#chance(10)) lines.splice(this.#random(lines.length), 1);
    if (this.#chance(10)) lines.push(pick(this.#random, lines));
    return lines.filter((line) => line !== undefined);
  }

  #heading(name: string, type: string): string[] {
    const lines = this.#chance(5) ? [] : [`# TYPE ${name} ${type}`];
    if (this.#chance(2)) lines.push(`# HELP ${name} ${pick(this.#random, HELPS)}`);
    if (this.#chance(6) && this.#format !== 'text') lines.push(this.#unit(name));
    return this.#chance(3) ? lines.reverse() : lines;
  }

  #metadata(name: string): string {
    if (this.#chance(2)) return `# TYPE ${name} ${this.#type()}`;
    return this.#chance(2) ? `# HELP ${name} ${pick(this.#random, HELPS)}` : this.#unit(name);
  }

  #unit(name: string): string {
    const unit = name.includes('_')
      ? name.slice(name.indexOf('_') + 1).replace('"', '')
      : this.#chance(3)
        ? 'seconds'
        : '';
    return `# UNIT ${name} ${unit}`;
  }

  #points(name: string, type: string, labels: string[]): string[] {
    const time = this.#chance(4) ? this.#time() : '';
    const isComposite = this.#format === 'openmetrics2';
    switch (type) {
      case 'counter': {
        const isSuffixed = this.#format !== 'openmetrics' ? false : !this.#chance(6);
        return this.#started(name, labels, time, this.#line(isSuffixed ? `${name}_total` : name, labels, this.#value(), time, 3)); // biome-ignore format: one line
      }
      case 'histogram':
      case 'gaugehistogram':
        return isComposite ? [this.#compositeHistogram(name, type, labels, time)] : this.#histogram(name, type, labels, time); // biome-ignore format: one line
      case 'summary':
        return isComposite ? [this.#compositeSummary(name, labels, time)] : this.#summary(name, labels, time);
      case 'info': {
        const isSuffixed = this.#format === 'openmetrics' && !this.#chance(5);
        return [this.#line(isSuffixed ? `${name}_info` : name, labels, this.#chance(5) ? this.#value() : '1', time)];
      }
      case 'stateset':
        return ['on', 'off'].map((state) => this.#line(name, [...labels, `${labelName(name)}="${state}"`], this.#chance(6) ? this.#value() : pick(this.#random, ['0', '1']), time)); // biome-ignore format: one line
      default:
        return [this.#line(name, labels, this.#value(), time, 8)];
    }
  }

  #histogram(name: string, type: string, labels: string[], time: string): string[] {
    const g = type === 'gaugehistogram' ? 'g' : '';
    let count = 0;
    const bounds = this.#chance(6)
      ? [this.#bound(), this.#bound(), '+Inf']
      : ['0.5', this.#chance(2) ? '1.0' : '1', '+Inf'];
    const lines = bounds.map((bound) => {
      count += this.#random(4);
      return this.#line(`${name}_bucket`, [...labels, `le="${bound}"`], this.#chance(12) ? this.#value() : String(count), time, 4); // biome-ignore format: one line
    });
    if (!this.#chance(8)) lines.push(this.#line(`${name}_${g}sum`, labels, this.#value(), time, 20));
    if (!this.#chance(8)) lines.push(this.#line(`${name}_${g}count`, labels, this.#chance(10) ? this.#value() : String(count), time, 20)); // biome-ignore format: one line
    return this.#started(name, labels, time, ...lines);
  }

  #summary(name: string, labels: string[], time: string): string[] {
    const quantiles = this.#chance(4) ? [this.#bound()] : ['0.5', '0.9'];
    const lines = quantiles.map((quantile) => this.#line(name, [...labels, `quantile="${quantile}"`], this.#value(), time, 20)); // biome-ignore format: one line
    if (!this.#chance(6)) lines.push(this.#line(`${name}_sum`, labels, this.#value(), time, 20));
    if (!this.#chance(6)) lines.push(this.#line(`${name}_count`, labels, this.#value(), time, 20));
    return this.#started(name, labels, time, ...lines);
  }

  /** Adds a `_created` line, in most cases at the right position. */
  #started(name: string, labels: string[], time: string, ...lines: string[]): string[] {
    if (this.#format !== 'openmetrics' || !this.#chance(3)) return lines;
    const created = this.#line(`${name}_created`, labels, this.#chance(8) ? this.#value() : '1520430000.123', time);
    lines.splice(this.#chance(6) ? this.#random(lines.length + 1) : lines.length, 0, created);
    return lines;
  }

  #compositeHistogram(name: string, type: string, labels: string[], time: string): string {
    const g = type === 'gaugehistogram' ? 'g' : '';
    const a = this.#random(4);
    const b = a + this.#random(4);
    const c = b + this.#random(4);
    const count = this.#chance(10) ? this.#value() : String(c);
    const fields = [`${g}count:${count}`, `${g}sum:${this.#value()}`];
    if (this.#chance(2)) fields.push(...this.#native(c));
    const hasClassic = fields.length === 2 || this.#chance(2);
    const top = this.#chance(12) ? this.#bound() : '+Inf';
    if (hasClassic) fields.push(`bucket:[${this.#chance(8) ? '-Inf:0,' : ''}${this.#chance(8) ? this.#bound() : '0.5'}:${a},${this.#chance(2) ? '1.0' : '1'}:${b},${top}:${this.#chance(10) ? this.#value() : c}]`); // biome-ignore format: one line
    return this.#composite(name, fields, labels, time);
  }

  #native(count: number): string[] {
    const zeros = this.#random(count + 1);
    const schema = this.#chance(8) ? String(this.#random(20) - 8) : '3';
    const spans = this.#chance(8) ? '[0:1,2:1]' : '[-1:2]';
    const buckets = this.#chance(8) ? `[${this.#value()},0.5]` : `[${count - zeros},0]`;
    const fields = [
      `schema:${schema}`,
      `zero_threshold:${this.#chance(8) ? this.#value() : '0.1'}`,
      `zero_count:${zeros}`,
    ];
    if (this.#chance(4)) fields.push('negative_spans:[0:1]', 'negative_buckets:[0]');
    if (!this.#chance(6)) fields.push(`positive_spans:${spans}`, `positive_buckets:${buckets}`);
    return fields;
  }

  #compositeSummary(name: string, labels: string[], time: string): string {
    const quantiles = this.#chance(4) ? `${this.#bound()}:${this.#value()}` : `0.5:${this.#value()},0.9:1`;
    return this.#composite(name, [`count:${this.#value()}`, `sum:${this.#value()}`, `quantile:[${this.#chance(8) ? '' : quantiles}]`], labels, time); // biome-ignore format: one line
  }

  #composite(name: string, fields: string[], labels: string[], time: string): string {
    if (this.#chance(8)) fields.splice(this.#random(fields.length), 1);
    if (this.#chance(8)) fields.reverse();
    if (this.#chance(20)) fields.push(pick(this.#random, fields));
    return this.#line(name, labels, `{${fields.join(',')}}`, time, 3);
  }

  #sample(name: string): string {
    const labels = this.#chance(2) ? [] : unique([this.#label(), this.#label()]);
    if (this.#chance(3)) labels.push(`${this.#chance(2) ? 'le' : 'quantile'}="${this.#bound()}"`);
    return this.#line(name, unique(labels), this.#value(), this.#chance(5) ? this.#time() : '', 10);
  }

  #line(name: string, labels: readonly string[], value: string, time: string, exemplarChance = 0): string {
    const elements = name.startsWith('"') ? [name, ...labels] : labels;
    const head = name.startsWith('"') ? '' : name;
    const braces =
      elements.length > 0 || this.#chance(20) ? `{${elements.join(',')}${this.#chance(30) ? ',' : ''}}` : '';
    const start = this.#format === 'openmetrics2' && this.#chance(5) ? ' st@1520430000.123' : '';
    const exemplars =
      exemplarChance > 0 && this.#format !== 'text' && this.#chance(exemplarChance) ? this.#exemplars() : '';
    return `${head}${braces} ${value}${time}${start}${exemplars}`;
  }

  #exemplars(): string {
    const isTimed = this.#format === 'openmetrics2' || this.#chance(2);
    const one = () => ` # {${this.#chance(4) ? '' : this.#label()}} ${this.#value()}${isTimed && !this.#chance(30) ? ' 1520879607.5' : ''}`; // biome-ignore format: one line
    return this.#format === 'openmetrics2' && this.#chance(2) ? one() + one() : one();
  }

  #time(): string {
    if (this.#format === 'text')
      return pick(this.#random, [' 1520879607789', ' 0', ' 1', ' -1', ' 9223372036854775807']);
    return pick(this.#random, [' 1520879607.789', ' 0', ' 1e3', ' -1.5', ' 1520879607', ' 0.0009']);
  }

  #type(): string {
    return pick(this.#random, this.#format === 'text' ? TEXT_TYPES : TYPES);
  }

  #anyName(): string {
    return this.#withSuffix(this.#name());
  }

  #name(): string {
    return pick(this.#random, this.#chance(8) ? QUOTED_NAMES : NAMES);
  }

  #withSuffix(name: string): string {
    const suffix = pick(this.#random, SUFFIXES);
    return name.endsWith('"') ? `${name.slice(0, -1)}${suffix}"` : name + suffix;
  }

  #label(): string {
    return pick(this.#random, LABELS);
  }

  #value(): string {
    return pick(this.#random, VALUES);
  }

  #bound(): string {
    return pick(this.#random, BOUNDS);
  }

  #chance(one: number): boolean {
    return this.#random(one) === 0;
  }

  #shuffleSome(lines: string[]): void {
    const [line] = lines.splice(this.#random(lines.length), 1);
    if (line !== undefined) lines.splice(this.#random(lines.length + 1), 0, line);
  }
}

export function drawLines(format: LineFormat, random: Random): string {
  return new LineDrawer(format, random).document();
}

/** The first label of each name. */
function unique(labels: readonly string[]): string[] {
  const names = labels.map((label) => label.slice(0, label.lastIndexOf('="')));
  return labels.filter((_, index) => names.indexOf(names[index]!) === index);
}

function labelName(name: string): string {
  return name.startsWith('"') || /^[a-z_]+$/.test(name) ? name : `"${name}"`;
}
