/**
 * The operations that the questions need from a client library. Each library is a file in `libraries/`, and each
 * question is written once. A library leaves out what it does not support, and then has no row in the table.
 */
import { readdirSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { basename, join } from 'node:path';

/** What the others are compared with. */
export const BASE = 'prom-client';

const FOLDER = join(import.meta.dirname, 'libraries');

export type Format = 'text' | 'openMetrics' | 'protobuf';
export type Labels = Readonly<Record<string, string>>;

export interface Library {
  /** What a user imports for all that is compared here. */
  readonly modules: readonly string[];
  /** The packages that are there for it, without what they depend on; none for what nobody installs. */
  readonly packages: readonly string[];
  /** The first Node line that it runs on, if that is not the first of this package. */
  readonly minimumNode?: number;
  /** The questions that it takes part in, where that is not all: it is no library then, but a limit of what can be. */
  readonly onlyIn?: readonly string[];
  /** An empty registry; undefined where there is no such format. */
  open(format: Format): Promise<Client | undefined>;
}

/** A registry, and the metrics to make in it. The objects are the library's own wherever they have these methods. */
export interface Client {
  counter?(options: Options): Counter;
  gauge?(options: Options): Gauge;
  histogram?(options: HistogramOptions): Histogram;
  nativeHistogram?(options: Options): Histogram;
  summary?(options: SummaryOptions): Histogram;
  /** One scrape, as the library hands it to a server. */
  expose?(): Buffer | string | Promise<Buffer | string>;
  /** Answers scrapes; compresses for clients that accept it. */
  readonly listener?: RequestListener;
}

export interface Options {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

export interface HistogramOptions extends Options {
  readonly upperBounds: readonly number[];
}

export interface SummaryOptions extends Options {
  readonly quantiles: readonly number[];
}

interface Labelled<Child> {
  /** The child, for libraries that have such a thing. */
  readonly labels?: { (labels: Labels): Child; (...values: string[]): Child };
  readonly remove?: (labels: Labels) => unknown;
}

export interface Counter extends Labelled<{ inc(): void }> {
  inc(): void;
  inc(labels: Labels, value?: number): void;
}

export interface Gauge extends Labelled<{ set(value: number): void }> {
  set(value: number): void;
  set(labels: Labels, value: number): void;
}

/** Summaries too. */
export interface Histogram extends Labelled<{ observe(value: number): void }> {
  observe(value: number): void;
  observe(labels: Labels, value: number): void;
}

/** The libraries that take part in a question, ours and the one that others are compared with first. */
export async function librariesIn(question: string, nodeMajor: number): Promise<string[]> {
  const files = readdirSync(FOLDER).map((name) => basename(name, '.ts'));
  const names = [...new Set(['zeroprom', BASE, ...files.sort()])];
  const found = await Promise.all(names.map(loadLibrary));
  return names.filter((_, index) => {
    const { minimumNode = 0, onlyIn = [question] } = found[index]!;
    return minimumNode <= nodeMajor && onlyIn.includes(question);
  });
}

export async function loadLibrary(name: string): Promise<Library> {
  return (await import(join(FOLDER, `${name}.ts`))).default;
}
