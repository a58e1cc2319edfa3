/** A strict parser of text 0.0.4 and OpenMetrics 1.0, written from the specifications to test encoders. */

export interface ReadSample {
  readonly name: string;
  readonly labels: { readonly [name: string]: string };
  readonly value: number;
  /** As written in the line. */
  readonly timestamp: string | undefined;
  readonly exemplar: string | undefined;
}

export interface ReadExposition {
  readonly samples: readonly ReadSample[];
  /** The text after each `TYPE name` and `HELP name`, in order. */
  readonly metadata: ReadonlyMap<string, string>;
}

const BARE_METRIC = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const BARE_LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const QUOTED = /"((?:[^"\\\n]|\\["\\n])*)"/y;
const NUMBER = /NaN|[+-]Inf|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]\d+)?/y;
const TIMESTAMP = /-?\d+(?:\.\d+)?/y;
const EXEMPLAR = / # (\{.*\} \S+(?: \S+)?)/sy;

export function readLines(exposition: string): ReadExposition {
  if (exposition !== '' && !exposition.endsWith('\n')) throw new Error('The last line does not end.');
  const samples: ReadSample[] = [];
  const metadata = new Map<string, string>();
  for (const line of exposition.split('\n').slice(0, -1)) {
    if (line === '# EOF') continue;
    const [, keyword, rest] = /^# (HELP|TYPE|UNIT) (.*)$/s.exec(line) ?? [];
    if (keyword === undefined || rest === undefined) {
      samples.push(new Line(line).sample());
      continue;
    }
    const lineOfMetadata = new Line(rest);
    const key = `${keyword} ${lineOfMetadata.quoted() ?? lineOfMetadata.take(BARE_METRIC)}`;
    if (metadata.has(key)) throw new Error(`${key} comes twice.`);
    metadata.set(key, lineOfMetadata.rest().slice(1));
  }
  return { samples, metadata };
}

class Line {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  sample(): ReadSample {
    let name = this.#match(BARE_METRIC)?.[0];
    const labels = new Map<string, string>();
    if (this.#skip('{')) {
      const isQuoted = name === undefined;
      name ??= this.quoted();
      if (!isQuoted || this.#skip(',')) this.#labels(labels);
      this.#expect('}');
    }
    if (name === undefined) throw this.#error('a name');
    this.#expect(' ');
    const value = numberOf(this.take(NUMBER));
    const timestamp = this.#skip(' ', TIMESTAMP) ? this.take(TIMESTAMP) : undefined;
    const exemplar = this.#match(EXEMPLAR)?.[1];
    if (this.rest() !== '') throw this.#error('the end');
    return { name, labels: Object.fromEntries(labels), value, timestamp, exemplar };
  }

  quoted(): string | undefined {
    const match = this.#match(QUOTED);
    return match?.[1]?.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped));
  }

  take(pattern: RegExp): string {
    const match = this.#match(pattern);
    if (match === null) throw this.#error(String(pattern));
    return match[0];
  }

  rest(): string {
    return this.#text.slice(this.#at);
  }

  #labels(labels: Map<string, string>): void {
    do {
      const label = this.quoted() ?? this.take(BARE_LABEL);
      this.#expect('=');
      const value = this.quoted();
      if (value === undefined || labels.has(label)) throw this.#error('another label');
      labels.set(label, value);
    } while (this.#skip(','));
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at += match[0].length;
    return match;
  }

  /** Skips the character if it comes next and `before` follows it. */
  #skip(character: string, before?: RegExp): boolean {
    if (this.#text[this.#at] !== character) return false;
    if (before !== undefined) {
      before.lastIndex = this.#at + 1;
      if (!before.test(this.#text)) return false;
    }
    this.#at++;
    return true;
  }

  #expect(character: string): void {
    if (!this.#skip(character)) throw this.#error(character);
  }

  #error(wanted: string): Error {
    return new Error(`There should be ${wanted} at ${this.#at} of ${JSON.stringify(this.#text)}.`);
  }
}

function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}
