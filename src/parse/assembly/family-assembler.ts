import type { MetricFamily, MetricType } from '../../model/family.ts';
import { type Dialect, modelName, type SamplePart, sampleSuffixes, valueSuffix } from '../../model/sample-names.ts';
import type { ParseMode } from '../input/options.ts';
import type { LineHandler, MetadataLine, SampleLine } from '../lines/line-handler.ts';
import { CachedNumbers } from '../lines/number.ts';
import { ExactFamilies } from './exact-families.ts';
import { type FamilyContext, FamilyDraft, isNumber } from './family-draft.ts';
import { looseLines } from './point-lines.ts';
import { ServerBounds } from './server-bounds.ts';
import { SharedLabels } from './shared-labels.ts';

/** The family of the samples with a name. */
interface Target {
  readonly family: FamilyDraft;
  readonly part: SamplePart;
  /** Whether the name is that of the family, without a suffix of a histogram or summary. */
  readonly isOwn: boolean;
}

/**
 * Assembles the lines of a document into families, in the order of their first occurrence. In `prometheus` mode, their series are
 * exactly those that Prometheus stores: samples that do not fit a family remain series of their own name.
 */
export class FamilyAssembler implements LineHandler {
  readonly #dialect: Dialect;
  readonly #context: FamilyContext;
  /** Undefined if bounds are not rewritten. */
  readonly #bounds: ServerBounds | undefined;
  readonly #families = new Map<string, FamilyDraft>();
  /** Families by type and name, because metadata may alternate between types. */
  readonly #typed = new Map<string, FamilyDraft>();
  readonly #order: FamilyDraft[] = [];
  /** Sample names of typed families; other samples belong to the family with their name. */
  readonly #targets = new Map<string, Target>();
  #lastName: string | undefined;
  #family: FamilyDraft | undefined;
  /** The draft that takes the lines: the family, or one of its strays. */
  #taker: FamilyDraft | undefined;
  #part: SamplePart = 'value';

  /** `arePacked`: whether points take little memory and are created by each iteration over those of a family. */
  constructor(dialect: Dialect, mode: ParseMode = 'strict', arePacked = false) {
    const isExact = mode === 'prometheus';
    this.#dialect = dialect;
    this.#context = { labels: new SharedLabels(), numbers: new CachedNumbers(), isExact, arePacked };
    this.#bounds = isExact && dialect !== 'openMetrics2' ? new ServerBounds() : undefined;
  }

  metadata(line: MetadataLine): void {
    if (line.keyword === 'TYPE') this.#bounds?.enter(line.type);
    if (line.name === '') return; // Prometheus keeps such a family without samples.
    const family = this.#families.get(line.name) ?? this.#open(line.name, undefined);
    if (line.keyword === 'TYPE') this.#setType(family, line.type);
    else family.describe(line.keyword, line.text);
  }

  sample(line: SampleLine): void {
    const taker = line.name === this.#lastName ? this.#taker : this.#find(line.name);
    const isAdded =
      this.#bounds === undefined ? taker?.collector.add(this.#part, line) : this.#addAsStored(taker, line);
    if (isAdded !== true) this.#addStray(line);
    if (line.composite?.loose !== undefined) {
      for (const loose of looseLines(line)) this.#lineFamily(this.#family!, loose.name).collector.add('value', loose);
    }
  }

  end(): void {}

  /** Returns the families. Call it once, after the last line. */
  finish(): MetricFamily[] {
    this.#targets.clear();
    this.#typed.clear();
    this.#families.clear();
    if (this.#context.isExact) return new ExactFamilies(this.#order, this.#dialect).finish();
    // Each draft is released when its family is made, because keeping both would take twice the memory.
    const drafts = this.#order.reverse();
    const families: MetricFamily[] = [];
    for (let draft = drafts.pop(); draft !== undefined; draft = drafts.pop()) {
      draft.complete();
      families.push(draft.family(this.#modelName(draft)));
      for (const stray of draft.strays) families.push(stray.family(stray.name));
    }
    return families;
  }

  /** Adds the line with the bounds that Prometheus stores; false if it does not fit. */
  #addAsStored(taker: FamilyDraft | undefined, line: SampleLine): boolean | undefined {
    const bounds = this.#bounds;
    if (bounds?.isKept(line, this.#part) === false) return false;
    return taker?.collector.add(this.#part, bounds?.written(line, this.#part) ?? line);
  }

  /** Sets the type of a family. It may have had another type as long as it had no samples. */
  #setType(family: FamilyDraft, type: MetricType): void {
    for (const [suffix] of sampleSuffixes(family.type, this.#dialect)) {
      const name = family.name + suffix;
      if (family.isEmpty && this.#targets.get(name)?.family === family) this.#targets.delete(name);
    }
    const isPlain = [type, family.type].every((one) => modelName(family.name, one, this.#dialect) === family.name);
    const typed = family.setType(type, isPlain) ? family : this.#succeed(family, type);
    this.#typed.set(`${type} ${typed.name}`, typed);
    this.#lastName = undefined;
    for (const [suffix, part] of sampleSuffixes(type, this.#dialect)) {
      const name = typed.name + suffix;
      const isOwn = suffix === '';
      // By a family that has, or will have, samples with its own name. Untyped parts do not count.
      const isTaken =
        this.#targets.get(name)?.isOwn ??
        (this.#families.get(name)?.isEmpty === false && (part === 'value' || !this.#context.isExact));
      if (isOwn || !isTaken) this.#targets.set(name, { family: typed, part, isOwn });
    }
  }

  /** Opens a family whose type comes after samples that do not fit. Those samples remain unchanged. */
  #succeed(family: FamilyDraft, type: MetricType): FamilyDraft {
    const known = this.#typed.get(`${type} ${family.name}`);
    const next = known?.type === type ? known : this.#open(family.name, type);
    this.#families.set(next.name, next);
    return family.precede(next);
  }

  /** Finds the family of a name. Samples of unknown names, or of families without a type, have the type unknown. */
  #find(name: string): FamilyDraft {
    const target = this.#targets.get(name);
    const family = target?.family ?? this.#families.get(name) ?? this.#open(name, undefined);
    // A name without the suffix of samples of that type. Some programs omit the suffix in samples or also write it in metadata,
    // and Prometheus accepts both.
    const hasSuffix = this.#dialect === 'openMetrics' && valueSuffix(family.type) !== '';
    const isBare = target === undefined && this.#context.isExact && hasSuffix;
    this.#lastName = name;
    this.#family = family;
    this.#taker = isBare ? family.stray(name, family.type) : family;
    this.#part = target?.part ?? 'value';
    return this.#taker;
  }

  /** Takes a line that does not fit its family. */
  #addStray(line: SampleLine): void {
    const family = this.#family!; // Set by `#find()`.
    const { composite } = line;
    if (this.#part === 'created' && family.addCreated(line)) return;
    if (composite !== undefined) family.stray(line.name, composite.kind).collector.add('value', line);
    else this.#lineFamily(family, line.name).collector.add('value', this.#bounds?.written(line) ?? line);
  }

  /** Returns the family of a line that is a separate series. */
  #lineFamily(family: FamilyDraft, name: string): FamilyDraft {
    const own = this.#context.isExact ? this.#families.get(name) : undefined;
    const isPlain = own !== undefined && isNumber(own.type) && this.#modelName(own) === name;
    return isPlain ? own : family.stray(name, 'unknown');
  }

  #open(name: string, type: MetricType | undefined): FamilyDraft {
    const family = new FamilyDraft(name, type, this.#context);
    this.#families.set(name, family);
    this.#order.push(family);
    return family;
  }

  #modelName({ name, type }: FamilyDraft): string {
    return modelName(name, type, this.#dialect);
  }
}
