import type { LineHandler, MetadataLine, SampleLine } from '../exposition/parse/lines.ts';
import { SeenSeries } from './seen-series.ts';

const SUFFIXES = ['_total', '_bucket', '_count', '_sum', '_info', '_created', '_gcount', '_gsum'];

/** Hands the lines of a document on, and remembers where families begin and where series stand twice. */
export class Places implements LineHandler {
  readonly #next: LineHandler;
  readonly #metadata = new Map<string, number>();
  readonly #samples = new Map<string, number>();
  readonly #series = new SeenSeries();
  readonly #repeated = new Map<string, number[]>();

  constructor(next: LineHandler) {
    this.#next = next;
  }

  metadata(line: MetadataLine): void {
    setFirst(this.#metadata, line.name, line.line);
    this.#next.metadata(line);
  }

  sample(line: SampleLine): void {
    setFirst(this.#samples, line.name, line.line);
    this.#noteRepetition(line);
    this.#next.sample(line);
  }

  end(): void {
    this.#next.end();
  }

  /** The line that a family begins at: its first HELP, TYPE or UNIT, or else its first sample. */
  lineOf(family: string): number | undefined {
    return find(this.#metadata, family) ?? find(this.#samples, family);
  }

  /** The lines of a family whose series were there before. */
  repetitionsIn(family: string): readonly number[] {
    return find(this.#repeated, family) ?? [];
  }

  #noteRepetition(line: SampleLine): void {
    if (!this.#series.add(line)) return;
    const lines = this.#repeated.get(line.name) ?? [];
    lines.push(line.line);
    this.#repeated.set(line.name, lines);
  }
}

function setFirst(lines: Map<string, number>, name: string, line: number): void {
  if (!lines.has(name)) lines.set(name, line);
}

/** Lines may call a family by its name without a suffix of the type, or with one of a sample. */
function find<T>(lines: ReadonlyMap<string, T>, family: string): T | undefined {
  const suffix = SUFFIXES.find((candidate) => family.endsWith(candidate)) ?? '';
  const stem = family.slice(0, family.length - suffix.length);
  const names = [family, stem, ...SUFFIXES.map((candidate) => family + candidate)];
  const found = names.map((name) => lines.get(name)).filter((line) => line !== undefined);
  return found[0];
}
