import type { MetricFamily, MetricType } from '../../model/family.ts';
import { FamilyDraft } from './family-draft.ts';
import type { FamilyNaming } from './family-naming.ts';
import type { LineHandler, MetadataLine, SampleLine } from './lines.ts';
import type { Part } from './points.ts';
import { SharedLabels } from './shared-labels.ts';

/** Where the samples of a name belong. */
interface Target {
  readonly family: FamilyDraft;
  readonly part: Part;
  /** Whether the name is the family's own, and not one of a histogram or summary with a suffix. */
  readonly isOwn: boolean;
}

/** Puts the lines of a document together to families, in the order in which the document first names them. */
export class FamilyAssembler implements LineHandler {
  readonly #naming: FamilyNaming;
  readonly #families = new Map<string, FamilyDraft>();
  /** Families of samples that do not fit the family which has their name. */
  readonly #others = new Map<string, FamilyDraft>();
  readonly #order: FamilyDraft[] = [];
  readonly #labels = new SharedLabels();
  readonly #targets = new Map<string, Target>();
  #lastName: string | undefined;
  #lastTarget: Target | undefined;

  constructor(naming: FamilyNaming) {
    this.#naming = naming;
  }

  metadata(line: MetadataLine): void {
    const family = this.#families.get(line.name) ?? this.#open(line.name, 'unknown');
    if (line.keyword === 'HELP') family.help = line.text;
    else if (line.keyword === 'TYPE') this.#setType(family, line.type);
    else if (line.text !== '') family.unit = line.text;
  }

  sample(line: SampleLine): void {
    if (line.name !== this.#lastName || this.#lastTarget === undefined) {
      this.#lastTarget = this.#target(line.name);
      this.#lastName = line.name;
    }
    const { family, part } = this.#lastTarget;
    if (!family.points.add(part, line)) this.#other(line);
  }

  end(): void {}

  /** The families; once, after the last line. */
  finish(): MetricFamily[] {
    return this.#order.map((family) => family.finish(this.#naming.modelName(family.name, family.type)));
  }

  #setType(family: FamilyDraft, type: MetricType): void {
    const typed = family.setType(type) ? family : this.#reopen(family, type);
    this.#lastName = undefined;
    for (const [suffix, part] of this.#naming.suffixes(type)) {
      const name = typed.name + suffix;
      const isOwn = suffix === '';
      if (isOwn || !this.#targets.get(name)?.isOwn) this.#targets.set(name, { family: typed, part, isOwn });
    }
  }

  /** A family whose type comes after samples that do not fit it: those stay what they are. */
  #reopen(family: FamilyDraft, type: MetricType): FamilyDraft {
    const typed = this.#open(family.name, type);
    typed.help = family.help;
    typed.unit = family.unit;
    return typed;
  }

  /** Samples whose name belongs to no family make one of type unknown, as do those of a family without type. */
  #target(name: string): Target {
    let target = this.#targets.get(name);
    if (target === undefined) {
      const family = this.#families.get(name) ?? this.#open(name, 'unknown');
      target = { family, part: 'value', isOwn: true };
      this.#targets.set(name, target);
    }
    return target;
  }

  #other(line: SampleLine): void {
    const type = line.composite?.kind ?? 'unknown';
    const key = `${type} ${line.name}`;
    let family = this.#others.get(key);
    if (family === undefined) {
      family = new FamilyDraft(line.name, type, this.#labels);
      this.#others.set(key, family);
      this.#order.push(family);
    }
    family.points.add('value', line);
  }

  #open(name: string, type: MetricType): FamilyDraft {
    const family = new FamilyDraft(name, type, this.#labels);
    this.#families.set(name, family);
    this.#order.push(family);
    return family;
  }
}
