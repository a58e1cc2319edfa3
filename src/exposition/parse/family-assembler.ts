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
  /** Of typed families; other samples belong to the family that has their name. */
  readonly #targets = new Map<string, Target>();
  #lastName: string | undefined;
  #family: FamilyDraft | undefined;
  #part: Part = 'value';

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
    const family = line.name === this.#lastName ? this.#family : this.#find(line.name);
    if (family?.points.add(this.#part, line) !== true) this.#other(line);
  }

  end(): void {}

  /** The families; once, after the last line. */
  finish(): MetricFamily[] {
    // Drafts go as families come: both at once would take twice the memory.
    this.#families.clear();
    this.#others.clear();
    this.#targets.clear();
    const drafts = this.#order.reverse();
    const families: MetricFamily[] = [];
    for (let draft = drafts.pop(); draft !== undefined; draft = drafts.pop()) {
      families.push(draft.finish(this.#naming.modelName(draft.name, draft.type)));
    }
    return families;
  }

  #setType(family: FamilyDraft, type: MetricType): void {
    const typed = family.setType(type) ? family : this.#reopen(family, type);
    this.#lastName = undefined;
    for (const [suffix, part] of this.#naming.suffixes(type)) {
      const name = typed.name + suffix;
      const isOwn = suffix === '';
      if (isOwn || !this.#isOwn(name)) this.#targets.set(name, { family: typed, part, isOwn });
    }
  }

  /** A family whose type comes after samples that do not fit it: those stay what they are. */
  #reopen(family: FamilyDraft, type: MetricType): FamilyDraft {
    const typed = this.#open(family.name, type);
    typed.help = family.help;
    typed.unit = family.unit;
    return typed;
  }

  /** Whether a family has samples, or will have, that are called by its own name. */
  #isOwn(name: string): boolean {
    return this.#targets.get(name)?.isOwn ?? this.#families.get(name)?.isEmpty === false;
  }

  /** Samples whose name belongs to no family make one of type unknown, as do those of a family without type. */
  #find(name: string): FamilyDraft {
    const target = this.#targets.get(name);
    const family = target?.family ?? this.#families.get(name) ?? this.#open(name, 'unknown');
    this.#lastName = name;
    this.#family = family;
    this.#part = target?.part ?? 'value';
    return family;
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
