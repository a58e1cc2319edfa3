import { failAt, type ParseError } from '../input/parse-error.ts';
import type { LineHandler, MetadataLine, SampleLine } from '../lines/line-handler.ts';
import { FamilyRules } from './openmetrics-family-rules.ts';
import type { OpenMetricsVersion } from './openmetrics-reader.ts';

/**
 * Rules of OpenMetrics beyond its grammar. The lines of a family are consecutive, each name belongs to one family, and
 * metadata come once and before the samples. Each family has the rules for its samples.
 */
export class OpenMetricsRules implements LineHandler {
  readonly #next: LineHandler;
  readonly #report: (error: ParseError) => void;
  readonly #version: OpenMetricsVersion;
  /** All possible sample names of earlier families. */
  readonly #taken = new Set<string>();
  #family: FamilyRules | undefined;

  constructor(next: LineHandler, report: (error: ParseError) => void, version: OpenMetricsVersion) {
    this.#next = next;
    this.#report = report;
    this.#version = version;
  }

  metadata(line: MetadataLine): void {
    const family = this.#family?.name === line.name ? this.#family : this.#open(line.name, line);
    family.metadata(line);
    if (line.keyword === 'TYPE') this.#checkNames(family, line);
    this.#next.metadata(line);
  }

  sample(line: SampleLine): void {
    const family = this.#family?.has(line.name) ? this.#family : this.#open(line.name, line);
    family.sample(line);
    this.#next.sample(line);
  }

  end(): void {
    this.#close();
    this.#next.end();
  }

  #open(name: string, line: { readonly line: number }): FamilyRules {
    this.#close();
    const family = new FamilyRules(name, this.#version, this.#report);
    this.#family = family;
    this.#checkNames(family, line);
    return family;
  }

  #checkNames(family: FamilyRules, { line }: { readonly line: number }): void {
    for (const name of family.names()) {
      if (this.#taken.has(name)) failAt(line, name, 'a name that no family before has');
    }
  }

  #close(): void {
    const family = this.#family;
    if (family === undefined) return;
    this.#family = undefined;
    for (const name of family.names()) this.#taken.add(name);
    family.end();
  }
}
