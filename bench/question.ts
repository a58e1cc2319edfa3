/** Does the work once; what it returns is consumed, so that no engine can leave the work out. */
export type Work = () => unknown;

/** One thing that libraries are compared in, each in processes of its own. */
export interface Case {
  readonly name: string;
  /** How many units of work a call does; times are given for one. */
  readonly units: number;
  /** By library: sets everything up, and gives the work. */
  readonly libraries: Readonly<Record<string, () => Work | Promise<Work>>>;
}

/** What a file in this folder asks. */
export interface Question {
  readonly title: string;
  readonly cases: readonly Case[];
}
