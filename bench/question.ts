import type { Client, Library } from './library.ts';

/** A benchmark: one file of this folder. */
export interface Question {
  readonly title: string;
  readonly cases: readonly Case[];
}

/** A part of a benchmark. Each library runs it in new processes. */
export interface Case {
  readonly name: string;
  /** Number of processes per library, if not the default. */
  readonly rounds?: number;
  /** Measures in this process; undefined if the library does not support it. */
  measure(library: Library): Promise<Measured | undefined>;
}

export interface Measured {
  readonly figures: Figures;
  /** Output of the work in a form that must be the same for all libraries. */
  readonly made?: string | undefined;
}

/** Figures by name, which ends with the unit. Higher is better for `/s`, lower for all others. */
export type Figures = Readonly<Record<string, number>>;

/** Does the work once. The result is consumed, so that engines cannot remove the work. */
export type Work = () => unknown;

/** Prepares an empty registry and returns the work; undefined if the library does not support it. */
export type SetUp = (client: Client) => Work | undefined | Promise<Work | undefined>;
