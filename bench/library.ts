/**
 * The operations that the questions need from a client library. Each library is a file in `libraries/`, and each
 * question is written once. A library leaves out what it does not support, and then has no row in the table.
 */
import { readdirSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { basename, join } from 'node:path';

/** Library with which the others are compared. */
export const BASE = 'prom-client';

const FOLDER = join(import.meta.dirname, 'libraries');

export type Format = 'text' | 'openMetrics' | 'protobuf';
export type Protocol = 'remote write' | 'Pushgateway' | 'OTLP';
export type Labels = Readonly<Record<string, string>>;

export interface Library {
  /** Modules that a user imports for all of the operations. */
  readonly modules: readonly string[];
  /** Packages to install, without their dependencies; empty if it is not published. */
  readonly packages: readonly string[];
  /** First Node.js version that it supports, if later than that of this package. */
  readonly minimumNode?: number;
  /** Questions in which it takes part; all by default. Used for theoretical limits, which are not libraries. */
  readonly onlyIn?: readonly string[];
  /** Creates an empty registry; undefined if the format is not supported. */
  open(format: Format): Promise<Client | undefined>;
}

/** A registry and the metrics to create in it. Objects are those of the library if they have these methods. */
export interface Client {
  counter?(options: Options): Counter;
  gauge?(options: Options): Gauge;
  histogram?(options: HistogramOptions): Histogram;
  nativeHistogram?(options: Options): Histogram;
  summary?(options: SummaryOptions): Histogram;
  /** Returns a scrape as the library passes it to a server. */
  expose?(): Buffer | string | Promise<Buffer | string>;
  /** Encodes all series as they are pushed, with the compression that is usual; returns the total length of the bodies. */
  readonly deliver?: { readonly [P in Protocol]?: () => Promise<number> };
  /** Compresses bytes with snappy. */
  compressSnappy?(bytes: Uint8Array): Uint8Array;
  /** Answers scrapes, compressed if the client accepts that. */
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
  /** Returns the child, if the library has children. */
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

/** A histogram or a summary. */
export interface Histogram extends Labelled<{ observe(value: number): void }> {
  observe(value: number): void;
  observe(labels: Labels, value: number): void;
}

/** Returns the libraries that take part in a question, zeroprom and the base first. */
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
