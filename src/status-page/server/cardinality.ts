import { ByteWriter } from '../../exposition/bytes/byte-writer.ts';
import { expositionEncoder } from '../../exposition/encode.ts';
import type { FormatEncoder } from '../../exposition/encoding/format.ts';
import { textUtf8 } from '../../exposition/text/text-formats.ts';
import type { DroppedCounts } from '../../model/collector.ts';
import { EventLoopBudget } from '../../model/event-loop-budget.ts';
import type { Descriptor, Point } from '../../model/family.ts';
import type { NumberRows } from '../../model/label-set.ts';
import type { LabelValues } from '../../model/label-values.ts';
import { MappingEncoder } from '../../model/mapping-encoder.ts';
import { descriptorOf, type Gathering } from '../../registry/gathering.ts';
import { isDirect } from '../../registry/named-collector.ts';
import type { CardinalityReport, FamilyCost, LabelCost } from '../detail-protocol.ts';
import { cut } from '../sampling/shown-text.ts';

/** More values of a label are not told apart. */
const MAX_VALUES = 10_000;
const MAX_EXAMPLES = 5;
/** Families and labels that are listed. */
const MAX_LISTED = 200;
const ROWS_PER_STEP = 256;

/** Encodes a gathering as text to find out what each family costs. Does not block the event loop. */
export async function cardinalityOf(gathering: Gathering, now: number): Promise<CardinalityReport> {
  const encoder = new CostEncoder(new ByteWriter());
  const budget = new EventLoopBudget();
  for (const _step of gathering.steps(encoder, ROWS_PER_STEP)) {
    if (budget.isOver) await budget.wait();
  }
  return encoder.report(lossesOf(gathering), now);
}

interface FamilyCount {
  readonly name: string;
  series: number;
  bytes: number;
  readonly labels: Map<string, Set<string>>;
}

/** Encodes as another encoder does, and counts series, bytes and label values of each family. */
class CostEncoder extends MappingEncoder<FormatEncoder> {
  readonly #writer: ByteWriter;
  readonly #families: FamilyCount[] = [];
  #current: FamilyCount | undefined;

  constructor(writer: ByteWriter) {
    super(expositionEncoder(textUtf8, writer, { escaping: 'allow-utf-8' }));
    this.#writer = writer;
  }

  override family(descriptor: Descriptor): void {
    this.#close();
    this.#current = { name: descriptor.name, series: 0, bytes: 0, labels: new Map() };
    this.#families.push(this.#current);
    super.family(descriptor);
  }

  numbers(rows: NumberRows, first: number, end: number): boolean {
    const { names, values, ids } = rows;
    for (let row = first; row < end; row++) {
      if (ids[row * names.length]! >= 0) this.#count(names, values, ids, row * names.length);
    }
    return this.encoder.numbers?.(rows, first, end) ?? false;
  }

  /** The part that was encoded is counted. */
  failed(): void {}

  report(losses: ReadonlyMap<string, DroppedCounts>, now: number): CardinalityReport {
    this.#close();
    const families = this.#families.map(({ name, series, bytes }): FamilyCost => {
      const { overflowed = 0, expired = 0 } = losses.get(name) ?? {};
      return { name: cut(name), series, bytes, overflowed, expired };
    });
    const labels = this.#families.flatMap(labelsOf);
    return {
      time: now,
      series: families.reduce((sum, { series }) => sum + series, 0),
      bytes: families.reduce((sum, { bytes }) => sum + bytes, 0),
      families: families.sort((a, b) => b.bytes - a.bytes).slice(0, MAX_LISTED),
      labels: labels.sort((a, b) => b.values - a.values).slice(0, MAX_LISTED),
    };
  }

  protected override map(point: Point): Point {
    const { names, values, ids } = point.labels;
    this.#count(names, values, ids, 0);
    return point;
  }

  #count(names: readonly string[], values: readonly LabelValues[], ids: Int32Array, offset: number): void {
    const family = this.#current;
    if (family === undefined) return;
    family.series++;
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!;
      const known = family.labels.get(name) ?? new Set();
      if (known.size === 0) family.labels.set(name, known);
      if (known.size < MAX_VALUES) known.add(values[index]!.texts[ids[offset + index]!]!);
    }
  }

  /** The bytes since the last call belong to the current family. */
  #close(): void {
    const bytes = this.#writer.take().length;
    if (this.#current !== undefined) this.#current.bytes += bytes;
  }
}

function lossesOf({ entries }: Gathering): ReadonlyMap<string, DroppedCounts> {
  const losses = new Map<string, DroppedCounts>();
  for (const entry of entries) {
    if (isDirect(entry) && entry.losses !== undefined) losses.set(descriptorOf(entry).name, entry.losses);
  }
  return losses;
}

function labelsOf({ name, labels }: FamilyCount): LabelCost[] {
  return [...labels].map(([label, values]) => ({
    family: cut(name),
    label: cut(label),
    values: values.size,
    examples: [...values].slice(0, MAX_EXAMPLES).map((value) => cut(value, 100)),
  }));
}
