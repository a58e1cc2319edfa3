import type { MetricFamily, MetricType } from '../../model/family.ts';
import { type Dialect, modelName, partNames, sampleNames, sampleSuffixes } from '../../model/sample-names.ts';
import { type FamilyDraft, isNumber } from './family-draft.ts';
import { pointLines } from './point-lines.ts';
import { createdLine, type LooseLine, type PointDraft } from './points.ts';

/**
 * Converts drafts to families with exactly the series of the document and each name in one family only. A family with lines that do
 * not fit it, or with a name of another family, is split: its lines become series of unknown type under their own names.
 */
export class ExactFamilies {
  readonly #drafts: FamilyDraft[];
  readonly #dialect: Dialect;
  /** Families of numbers by the names of their series; only names that other families also use. */
  readonly #numbers = new Map<string, FamilyDraft>();
  /** Families with metadata or samples of exactly that name. */
  readonly #plain = new Map<string, FamilyDraft>();
  /** Owners of names that are not of numbers; undefined if there are several. */
  readonly #owners = new Map<string, FamilyDraft | undefined>();
  /** Families without points that may conflict with others, because some formats show the first family of a name. */
  readonly #late: FamilyDraft[] = [];

  constructor(drafts: FamilyDraft[], dialect: Dialect) {
    this.#drafts = drafts;
    this.#dialect = dialect;
  }

  /** Call it once. Releases each draft when its family is made, because keeping both would take twice the memory. */
  finish(): MetricFamily[] {
    // Families of numbers with their own name never conflict.
    const others = this.#drafts.filter(
      (family) => !isNumber(family.type) || family.strays.length > 0 || this.#modelName(family) !== family.name,
    );
    if (others.length > 0) this.#register(others);
    for (const family of this.#drafts) this.#complete(family);
    if (others.length > 0) this.#settle(others);
    const families: MetricFamily[] = [];
    const drafts = this.#drafts.reverse();
    for (let family = drafts.pop(); family !== undefined; family = drafts.pop()) this.#show(family, families);
    for (const family of this.#late) families.push(family.family(this.#modelName(family)));
    return families;
  }

  #register(others: readonly FamilyDraft[]): void {
    const names = new Set(others.flatMap((family) => this.#namesOf(family)));
    for (const family of this.#drafts) {
      const name = this.#modelName(family);
      if (!isNumber(family.type) || !names.has(name)) continue;
      if (name === family.name) this.#plain.set(name, family);
      const known = this.#numbers.get(name);
      if (known === undefined || (known.isEmpty && !family.isEmpty)) this.#numbers.set(name, family);
    }
  }

  /** All names that the family may use. */
  #namesOf(family: FamilyDraft): string[] {
    const { name, type, strays } = family;
    return [
      this.#modelName(family),
      ...sampleNames(name, type, this.#dialect),
      ...partNames(name, type),
      ...strays.map((stray) => stray.name),
    ];
  }

  #complete(family: FamilyDraft): void {
    for (const { suffix, point } of family.complete()) this.#numberFamily(family, family.name + suffix).push(point);
    for (const stray of family.strays) {
      if (isNumber(stray.type) && !this.#numbers.has(stray.name)) this.#numbers.set(stray.name, stray);
    }
  }

  #numberFamily(family: FamilyDraft, name: string): FamilyDraft {
    let numbers = this.#numbers.get(name);
    if (numbers === undefined) {
      numbers = family.stray(name, 'unknown');
      this.#numbers.set(name, numbers);
    }
    return numbers;
  }

  #settle(others: readonly FamilyDraft[]): void {
    // Numbers move to the first family with their name.
    for (const family of this.#drafts) {
      this.#move(family, this.#modelName(family));
      for (const stray of family.strays) this.#move(stray, stray.name);
    }
    for (const family of others) {
      this.#own(family, this.#modelName(family));
      for (const stray of family.strays) this.#own(stray, stray.name);
    }
    for (const family of others) {
      for (const stray of [...family.strays]) this.#takeApart(stray, stray.name, family);
      this.#takeApart(family, this.#modelName(family), family);
    }
    for (const family of this.#drafts) this.#bequeath(family);
  }

  #own(family: FamilyDraft, name: string): void {
    if (isNumber(family.type) || family.points.length === 0) return;
    for (const one of partNames(name, family.type)) this.#owners.set(one, this.#owners.has(one) ? undefined : family);
  }

  /** Splits the family if another one uses one of its names. The rest becomes families of `home`. */
  #takeApart(family: FamilyDraft, name: string, home: FamilyDraft): void {
    const { type, points } = family;
    if (isNumber(type) || points.length === 0) return;
    const names = partNames(name, type);
    if (names.every((one) => this.#owners.get(one) === family && !this.#hasNumbers(one))) return;
    const hasCreated = sampleSuffixes(type, this.#dialect).some(([, part]) => part === 'created');
    for (const point of family.takePoints()) {
      for (const line of linesOf(type, name, point, hasCreated)) {
        this.#numberFamily(home, name + line.suffix).push(line.point);
      }
    }
  }

  #move(family: FamilyDraft, name: string): void {
    const first = isNumber(family.type) ? this.#numbers.get(name) : undefined;
    if (first === undefined || first === family) return;
    for (const point of family.takePoints()) first.push(point as PointDraft<number>); // The family has numbers as values.
  }

  /** Passes the metadata of a family without points to the families that have the points. */
  #bequeath(family: FamilyDraft): void {
    for (const stray of family.strays) if (stray.type === family.type) stray.inherit(family);
    const heir = family.points.length > 0 ? undefined : this.#numbers.get(this.#modelName(family));
    // No other metadata can belong to its lines.
    const isHeir = heir !== undefined && heir.points.length > 0 && (!heir.hasMetadata || family.strays.includes(heir));
    if (isHeir) heir.inherit(family);
  }

  #show(family: FamilyDraft, families: MetricFamily[]): void {
    if (family.isShown) return;
    family.isShown = true;
    const name = this.#modelName(family);
    // OpenMetrics allows a counter with the name of a gauge plus the suffix, if the gauge comes first.
    const plain = this.#plain.get(family.name);
    if (plain !== undefined) this.#show(plain, families);
    const strays = family.strays.filter(({ points }) => points.length > 0);
    for (const stray of strays) families.push(stray.family(stray.name));
    // Has no points, but a name under which other families have some.
    const isInTheWay =
      family.points.length === 0 &&
      partNames(name, family.type).some((one) => this.#hasNumbers(one) || this.#owners.has(one));
    if (!isInTheWay) families.push(family.family(name));
    else if (!this.#numbers.get(name)?.replaces(family) && !strays.some((stray) => stray.replaces(family))) {
      this.#late.push(family);
    }
  }

  #hasNumbers(name: string): boolean {
    return (this.#numbers.get(name)?.points.length ?? 0) > 0;
  }

  #modelName({ name, type }: FamilyDraft): string {
    return modelName(name, type, this.#dialect);
  }
}

/** Yields the line for the start of the point, if the format has such lines. */
function* linesOf(
  type: MetricType,
  name: string,
  point: PointDraft<unknown>,
  hasCreated: boolean,
): Iterable<LooseLine> {
  const { startTimestamp } = point;
  for (const line of pointLines(type, name, point)) {
    if (startTimestamp !== undefined && !hasCreated) line.point.startTimestamp = startTimestamp;
    yield line;
  }
  if (startTimestamp !== undefined && hasCreated) yield createdLine(point, startTimestamp);
}
