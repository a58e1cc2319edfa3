import type { HistogramValue, MetricFamily, MetricType } from '../../model/family.ts';
import type { SampleLine } from '../lines/line-handler.ts';
import { CreatedLines } from './created-lines.ts';
import { HistogramPoints } from './histogram-points.ts';
import { InfoPoints, NumberPoints } from './number-points.ts';
import type { LooseLine, PointCollector, PointDraft } from './points.ts';
import type { FamilyLabels, SharedLabels } from './shared-labels.ts';
import { StateSetPoints } from './state-set-points.ts';
import { SummaryPoints } from './summary-points.ts';

/** State shared by the families of a document. */
export interface FamilyContext {
  readonly labels: SharedLabels;
  /** Whether lines make up a point only if writing it gives the same lines again. */
  readonly isExact: boolean;
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

const NO_POINTS: readonly PointDraft<unknown>[] = [];
const NO_STRAYS: readonly FamilyDraft[] = [];
const NO_LINES: readonly LooseLine[] = [];

/** A family that is being read. */
export class FamilyDraft {
  /** As the document's metadata call it; a family of strays as its lines are called. */
  readonly name: string;
  help = '';
  unit = '';
  /** Whether it has become a family. */
  isShown = false;
  /** Undefined as long as the document does not say any. */
  #type: MetricType | undefined;
  readonly #context: FamilyContext;
  /** Made with the first sample, for many families have none; undefined again at the end. */
  #collector: PointCollector | undefined = undefined;
  #points: PointDraft<unknown>[] | undefined = undefined;
  #extras: Extras | undefined = undefined;

  constructor(name: string, type: MetricType | undefined, context: FamilyContext) {
    this.name = name;
    this.#type = type;
    this.#context = context;
  }

  get type(): MetricType {
    return this.#type ?? 'unknown';
  }

  /** Whether the document says of which type the family is. */
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

  /** Families of lines that belong to this one by their names, and do not fit it. */
  get strays(): readonly FamilyDraft[] {
    return this.#extras?.strays ?? NO_STRAYS;
  }

  /** To add a line to. */
  get collector(): PointCollector {
    this.#collector ??= collectorOf(this.type, this.name, this.#context.labels.family(), this.#context.isExact);
    return this.#collector;
  }

  /** After `complete()`. */
  get points(): readonly PointDraft<unknown>[] {
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
   * Gives the family its type; false if it has another one already, or samples that the type would read differently.
   * `isPlain` is whether samples of both types have the family's name.
   */
  setType(type: MetricType, isPlain: boolean): boolean {
    const isRead = type === this.type || (isPlain && isNumber(type) && isNumber(this.type));
    if (!this.isEmpty && !isRead) return false;
    this.#type = type;
    return true;
  }

  /** Hands late metadata on to a family of the same name and another type, which is new or was there before. */
  precede(next: FamilyDraft): FamilyDraft {
    const extras = this.#extras;
    next.describe('HELP', extras?.lateHelp ?? this.help);
    next.describe('UNIT', extras?.lateUnit ?? this.unit);
    if (extras !== undefined) extras.lateHelp = extras.lateUnit = undefined;
    return next;
  }

  /** The family of lines that are called `name`, which do not fit, or lack the suffix that lines of this type have. */
  stray(name: string, type: MetricType): FamilyDraft {
    const { strays } = this.#more();
    let family = strays.find((stray) => stray.name === name && stray.type === type);
    if (family === undefined) {
      family = new FamilyDraft(name, type, this.#context);
      strays.push(family);
    }
    return family;
  }

  /** Takes the line that tells when a counter began; false if this is not one, or has such a line already. */
  addCreated(line: SampleLine): boolean {
    if (!isNumber(this.type) || line.exemplars.length > 0) return false;
    const extras = this.#more();
    extras.created ??= new CreatedLines(this.#context.labels.family());
    return extras.created.add(line);
  }

  /** Makes up the points of it and its strays; returns the lines that are part of none. Once, after the last line. */
  complete(): Iterable<LooseLine> {
    const { created, lateHelp, lateUnit } = this.#extras ?? {};
    if (lateHelp !== undefined) this.help = lateHelp;
    if (lateUnit !== undefined) this.unit = lateUnit;
    for (const stray of this.strays) stray.#finish();
    const loose = this.#finish();
    created?.start(this.points);
    return created?.unused() ?? loose;
  }

  /** Adds a line of a family that it did not fit; for families of numbers only. */
  push(point: PointDraft<number>): void {
    if (this.#collector !== undefined) this.collector.push?.(point);
    else if (this.#points !== undefined) this.#points.push(point);
    else this.#points = [point];
  }

  /** Takes all points out, but for those with native buckets, which no lines can say. */
  takePoints(): readonly PointDraft<unknown>[] {
    const points = this.points;
    const isNative = ({ value }: PointDraft<unknown>) => (value as HistogramValue).native !== undefined;
    this.#points = points.filter(isNative);
    return this.#points.length === 0 ? points : points.filter((point) => !isNative(point));
  }

  /** Takes over what metadata say of a family that has no points of its own; only of the first. */
  inherit(family: FamilyDraft): void {
    const extras = this.#more();
    if (extras.ancestor !== undefined) return;
    extras.ancestor = family;
    this.help = family.help;
    this.unit = family.unit;
    if (!this.hasType && isNumber(family.type)) extras.inheritedType = family.type;
  }

  /** Whether this family says all that the other does, which has no points of its own. */
  replaces(family: FamilyDraft): boolean {
    return this.#extras?.ancestor === family && this.help === family.help && this.unit === family.unit;
  }

  /** Under the name that the model has for it. */
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

function collectorOf(type: MetricType, name: string, labels: FamilyLabels, isExact: boolean): PointCollector {
  switch (type) {
    case 'counter':
    case 'gauge':
    case 'unknown':
      return new NumberPoints(labels);
    case 'histogram':
    case 'gaugehistogram':
      return new HistogramPoints(type, labels, isExact);
    case 'summary':
      return new SummaryPoints(labels, isExact);
    case 'info':
      return new InfoPoints(labels, isExact);
    case 'stateset':
      return new StateSetPoints(name, labels, isExact);
  }
}
