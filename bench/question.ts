import type { Client, Library } from './library.ts';

/** What a file in this folder asks. */
export interface Question {
  readonly title: string;
  readonly cases: readonly Case[];
}

/** One thing that libraries are compared in, each in processes of its own. */
export interface Case {
  readonly name: string;
  /** How many processes for each library, where that is not as many as for all. */
  readonly rounds?: number;
  /** Measures in this process; undefined where the library cannot do it. */
  measure(library: Library): Promise<Measured | undefined>;
}

export interface Measured {
  readonly figures: Figures;
  /** What the work has made, written so that all libraries have to give the same. */
  readonly made?: string | undefined;
}

/** By what they are called, the unit at the end. More is better of what is `/s`; less is of all others. */
export type Figures = Readonly<Record<string, number>>;

/** Does the work once; what it returns is consumed, so that no engine can leave the work out. */
export type Work = () => unknown;

/** Sets everything up in an empty registry, and gives the work; undefined where the library cannot do it. */
export type SetUp = (client: Client) => Work | undefined | Promise<Work | undefined>;
