/** The parsers of Prometheus, in a Go process: see main.go. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';

/** Format names, and the Content-Type of a response to a server. */
export const CONTENT_TYPES = {
  text: 'text/plain; version=1.0.0',
  openmetrics: 'application/openmetrics-text; version=1.0.0',
  openmetrics2: 'application/openmetrics-text; version=2.0.0',
  protobuf: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
} as const;

export type FormatName = keyof typeof CONTENT_TYPES;

/** A label's name and value. */
export type Pair = readonly [name: string, value: string];

export interface StoredExemplar {
  readonly labels: readonly Pair[];
  readonly value: string;
  /** In milliseconds, like all times here. */
  readonly timestamp?: string;
}

/** A series as a server stores it. Numbers are strings, because JSON has neither NaN nor 64-bit integers. */
export interface StoredSeries {
  readonly name: string;
  /** Sorted by name, without empty values. */
  readonly labels: readonly Pair[];
  readonly value: string;
  readonly timestamp?: string;
  readonly start?: string;
  readonly exemplars?: readonly StoredExemplar[];
}

export interface StoredHistogram extends Omit<StoredSeries, 'value'> {
  readonly schema: number;
  readonly count: string;
  readonly sum: string;
  readonly zeroThreshold: string;
  readonly zeroCount: string;
  /** Index and count of each bucket that is not empty. */
  readonly positive: readonly Pair[] | null;
  readonly negative: readonly Pair[] | null;
}

export interface StoredMetadata {
  readonly name: string;
  readonly type?: string;
  readonly help?: string;
  readonly unit?: string;
}

/** The result of parsing a document in a server. */
export interface Stored {
  /** Why the server rejects the document; all other fields are then missing. */
  readonly error?: string;
  readonly metadata?: readonly StoredMetadata[];
  /** All series except native histograms, for a server that does not scrape them. */
  readonly series?: readonly StoredSeries[];
  /** Series with start times, for a server that reads them from `_created` lines. */
  readonly started?: readonly StoredSeries[];
  readonly histograms?: readonly StoredHistogram[];
}

export class Oracle {
  readonly #process: ChildProcess;
  readonly #lines: Interface;
  readonly #waiting: ((stored: Stored) => void)[] = [];

  /** Builds the program if necessary, which downloads modules once. */
  static build(): Oracle {
    const program = '.compiled/textparse';
    mkdirSync('.compiled', { recursive: true });
    execFileSync('go', ['build', '-o', `../../${program}`, '.'], { cwd: 'test/textparse', stdio: 'inherit' });
    return new Oracle(program);
  }

  private constructor(program: string) {
    this.#process = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#process.stdout!, crlfDelay: Number.POSITIVE_INFINITY });
    this.#lines.on('line', (line) => this.#waiting.shift()?.(JSON.parse(line)));
  }

  ask(document: Uint8Array, format: FormatName): Promise<Stored> {
    const request = { contentType: CONTENT_TYPES[format], input: Buffer.from(document).toString('base64') };
    this.#process.stdin!.write(`${JSON.stringify(request)}\n`);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async close(): Promise<void> {
    this.#process.stdin!.end();
    await once(this.#process, 'exit');
  }
}
