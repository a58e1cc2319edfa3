import type { HistogramValue, MetricFamily, MetricType } from '../../model/family.ts';
import type { SampleLine } from '../lines/line-handler.ts';
import type { CachedNumbers } from '../lines/number.ts';
import { CreatedLines } from './created-lines.ts';
import { HistogramPoints } from './histogram-points.ts';
import { InfoPoints, NumberPoints, PackedNumberPoints } from './number-points.ts';
import type { LooseLine, PointCollector, PointDraft, PointList } from './points.ts';
import type { SharedLabels } from './shared-labels.ts';
import { StateSetPoints } from './state-set-points.ts';
import { SummaryPoints } from './summary-points.ts';

/** State shared by the families of a document. */
export interface FamilyContext {
  readonly labels: SharedLabels;
  /** Parses bounds and quantiles. */
  readonly numbers: CachedNumbers;
  /** Whether lines become a point only if encoding the point gives the same lines again. */
  readonly isExact: boolean;
  /** Whether the points of large families of numbers are packed. */
  readonly arePacked: boolean;
}

/** Rarely used state of a family. */
class Extras {
  readonly strays: FamilyDraft[] = [];
  created: CreatedLines | undefined = undefined;
  /** Metadata after the first sample, for this family or the next one with its name. */
  lateHelp: string | undefined = undefined;
  lateUnit: string | undefined = undefined;
  ancestor: FamilyDraft | undefined = undefined;
  inheritedType: MetricType | undefined = undefined;
}

const NO_POINTS: PointList<unknown> = [];
const NO_STRAYS: readonly FamilyDraft[] = [];
const NO_LINES: readonly LooseLine[] = [];

/** A family that is being parsed. */
export class FamilyDraft {
  /** The name in the metadata; for a family of strays, the name of its lines. */
  readonly name: string;
  help = '';
  unit = '';
  /** Whether it has become a family. */
  isShown = false;
  /** Undefined until the document has one. */
  #type: MetricType | undefined;
  readonly #context: FamilyContext;
  /** Created with the first sample, because many families have none; undefined again at the end. */
  #collector: PointCollector | undefined = undefined;
  #points: PointList<unknown> | undefined = undefined;
  #extras: Extras | undefined = undefined;

  constructor(name: string, type: MetricType | undefined, context: FamilyContext) {
    this.name = name;
    this.#type = type;
    this.#context = context;
  }

  get type(): MetricType {
    return this.#type ?? 'unknown';
  }

  /** Whether the document has a type for the family. */
  get hasType(): boolean {
    return this.#type !== undefined;
  }

  get hasMetadata(): boolean {
    return this.hasType || this.help !== '' || this.unit !== '';
  }

  /** Whether there were no samples yet. */
  get isEmpty(): boolean {
    return this.#collector === undefined && this.strays.length === 0;
  }

  /** Families of lines that belong to this family by their names but do not fit it. */
  get strays(): readonly FamilyDraft[] {
    return this.#extras?.strays ?? NO_STRAYS;
  }

  /** The collector for the lines of the family. */
  get collector(): PointCollector {
    this.#collector ??= collectorOf(this.type, this.name, this.#context);
    return this.#collector;
  }

  /** The points; valid after `complete()`. */
  get points(): PointList<unknown> {
    return this.#points ?? NO_POINTS;
  }

  describe(keyword: 'HELP' | 'UNIT', text: string): void {
    if (this.isEmpty) {
      if (keyword === 'HELP') this.help = text;
      else this.unit = text;
    } else if (keyword === 'HELP') {
      this.#more().lateHelp = text;
    } else {
      this.#more().lateUnit = text;
    }
  }

  /**
   * Sets the type of the family; false if it has another one, or samples that the type would parse differently.
   * `isPlain` is whether samples of both types have the family's name.
   */
  setType(type: MetricType, isPlain: boolean): boolean {
    const isRead = type === this.type || (isPlain && isNumber(type) && isNumber(this.type));
    if (!this.isEmpty && !isRead) return false;
    this.#type = type;
    return true;
  }

  /** Passes late metadata to a family with the same name and another type, new or existing. */
  precede(next: FamilyDraft): FamilyDraft {
    const extras = this.#extras;
    next.describe('HELP', extras?.lateHelp ?? this.help);
    next.describe('UNIT', extras?.lateUnit ?? this.unit);
    if (extras !== undefined) extras.lateHelp = extras.lateUnit = undefined;
    return next;
  }

  /** Returns the family for lines with this name that do not fit, or lack the suffix of this type. */
  stray(name: string, type: MetricType): FamilyDraft {
    const { strays } = this.#more();
    let family = strays.find((stray) => stray.name === name && stray.type === type);
    if (family === undefined) {
      family = new FamilyDraft(name, type, this.#context);
      strays.push(family);
    }
    return family;
  }

  /** Adds the `_created` line of a counter; false for other types, or if the series already has such a line. */
  addCreated(line: SampleLine): boolean {
    if (!isNumber(this.type) || line.exemplars.length > 0) return false;
    const extras = this.#more();
    extras.created ??= new CreatedLines(this.#context.labels.family());
    return extras.created.add(line);
  }

  /** Completes the points of this family and its strays; returns lines outside of points. Call it once, after the last line. */
  complete(): Iterable<LooseLine> {
    const { created, lateHelp, lateUnit } = this.#extras ?? {};
    if (lateHelp !== undefined) this.help = lateHelp;
    if (lateUnit !== undefined) this.unit = lateUnit;
    for (const stray of this.strays) stray.#finish();
    const loose = this.#finish();
    if (created !== undefined) this.#points = created.start(this.points);
    return created?.unused() ?? loose;
  }

  /** Adds a line that did not fit another family; for families of numbers only. */
  push(point: PointDraft<number>): void {
    if (this.#collector !== undefined) this.collector.push?.(point);
    else if (this.#points !== undefined) this.#points.push(point);
    else this.#points = [point];
  }

  /** Removes and returns all points except those with native buckets, which lines cannot represent. */
  takePoints(): PointList<unknown> {
    const { points } = this;
    const isNative = ({ value }: PointDraft<unknown>) => (value as HistogramValue).native !== undefined;
    const kept: PointDraft<unknown>[] = [];
    for (const point of points) if (isNative(point)) kept.push(point);
    this.#points = kept;
    return kept.length === 0 ? points : [...points].filter((point) => !isNative(point));
  }

  /** Adopts the metadata of a family without points; only of the first one. */
  inherit(family: FamilyDraft): void {
    const extras = this.#more();
    if (extras.ancestor !== undefined) return;
    extras.ancestor = family;
    this.help = family.help;
    this.unit = family.unit;
    if (!this.hasType && isNumber(family.type)) extras.inheritedType = family.type;
  }

  /** Whether this family has all metadata of another one that has no points. */
  replaces(family: FamilyDraft): boolean {
    return this.#extras?.ancestor === family && this.help === family.help && this.unit === family.unit;
  }

  /** Returns the family with its name in the model. */
  family(name: string): MetricFamily {
    const { help, unit, points } = this;
    const type = this.#extras?.inheritedType ?? this.type;
    const family = unit === '' ? { name, help, type, points } : { name, help, type, unit, points };
    return family as MetricFamily; // collectorOf() paired the points with the type, which the compiler cannot see.
  }

  #finish(): Iterable<LooseLine> {
    const collected = this.#collector?.finish();
    this.#collector = undefined;
    if (collected === undefined) return NO_LINES;
    // Lines that did not fit another family may have come before.
    for (const point of this.points) collected.points.push(point);
    this.#points = collected.points;
    return collected.loose;
  }

  #more(): Extras {
    this.#extras ??= new Extras();
    return this.#extras;
  }
}

export function isNumber(type: MetricType): boolean {
  return type === 'counter' || type === 'gauge' || type === 'unknown';
}

function collectorOf(
  type: MetricType,
  name: string,
  { labels: shared, isExact, numbers, arePacked }: FamilyContext,
): PointCollector {
  switch (type) {
    case 'counter':
    case 'gauge':
    case 'unknown':
      return arePacked ? new PackedNumberPoints(shared) : new NumberPoints(shared.family());
    case 'histogram':
    case 'gaugehistogram':
      return new HistogramPoints(type, shared.family(), isExact, numbers);
    case 'summary':
      return new SummaryPoints(shared.family(), isExact, numbers);
    case 'info':
      return new InfoPoints(shared.family(), isExact);
    case 'stateset':
      return new StateSetPoints(name, shared.family(), isExact);
  }
}
