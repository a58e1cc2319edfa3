import { allSuffixes } from '../../model/sample-names.ts';
import type { LineHandler, MetadataLine, SampleLine } from '../../parse/lines/line-handler.ts';

const SUFFIXES = allSuffixes();

/** Forwards the lines of a document and records where each family starts. */
export class LineIndex implements LineHandler {
  readonly #next: LineHandler;
  /** Number of the first line with a name. */
  readonly #lines = new Map<string, number>();
  #last: string | undefined;

  constructor(next: LineHandler) {
    this.#next = next;
  }

  metadata(line: MetadataLine): void {
    this.#note(line);
    this.#next.metadata(line);
  }

  sample(line: SampleLine): void {
    this.#note(line);
    this.#next.sample(line);
  }

  end(): void {
    this.#next.end();
  }

  /** Returns the first line of a family. Its lines may lack the suffix of its name, or add one for a sample. */
  lineOf(family: string): number | undefined {
    const suffix = SUFFIXES.find((candidate) => family.endsWith(candidate)) ?? '';
    const stem = family.slice(0, family.length - suffix.length);
    const names = [family, stem, ...SUFFIXES.map((candidate) => family + candidate)];
    return names.map((name) => this.#lines.get(name)).find((line) => line !== undefined);
  }

  #note({ name, line }: { readonly name: string; readonly line: number }): void {
    if (name === this.#last) return;
    this.#last = name;
    if (!this.#lines.has(name)) this.#lines.set(name, line);
  }
}
