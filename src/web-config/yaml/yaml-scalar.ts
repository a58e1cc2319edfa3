import { MAX_DEPTH, YamlError, type YamlNode, type YamlValue } from './yaml-node.ts';

/** A line without comment and trailing whitespace; `text` starts at `column`, which counts from 1. */
export interface ScalarLine {
  readonly text: string;
  readonly number: number;
  readonly column: number;
}

/**
 * Parses a scalar, or a flow list or map, which may continue on the lines that `nextLine` returns.
 *
 * @throws {YamlError} if the text is invalid.
 */
export function parseScalar(
  line: ScalarLine,
  depth = 0,
  nextLine: () => ScalarLine | undefined = () => undefined,
): YamlNode {
  const parser = new FlowParser(line, nextLine);
  const node = parser.node(depth, false);
  parser.end();
  return node;
}

class FlowParser {
  #line: ScalarLine;
  #at = 0;
  readonly #nextLine: () => ScalarLine | undefined;

  constructor(line: ScalarLine, nextLine: () => ScalarLine | undefined) {
    this.#line = line;
    this.#nextLine = nextLine;
  }

  node(depth: number, isInFlow: boolean): YamlNode {
    if (isInFlow) this.#skipToText();
    if (depth > MAX_DEPTH) throw this.#fault(`must have at most ${MAX_DEPTH} levels.`);
    const place = { line: this.#line.number, column: this.#line.column + this.#at };
    const first = this.#line.text[this.#at] ?? '';
    return { ...place, value: this.#value(first, depth, isInFlow), isPlain: !/["'[{]/.test(first) };
  }

  end(): void {
    this.#skipBlanks();
    if (this.#at < this.#line.text.length) throw this.#fault('unexpected text after a value.');
  }

  #value(first: string, depth: number, isInFlow: boolean): YamlValue {
    if (first === '[') return this.#list(depth);
    if (first === '{') return this.#map(depth);
    if (first === '"') return this.#doubleQuoted();
    if (first === "'") return this.#singleQuoted();
    const reason = FORBIDDEN.get(first);
    if (reason !== undefined) throw this.#fault(reason);
    return this.#plain(isInFlow);
  }

  #list(depth: number): YamlNode[] {
    const items: YamlNode[] = [];
    this.#at++;
    while (!this.#takes(']')) {
      items.push(this.node(depth + 1, true));
      this.#separator(']');
    }
    return items;
  }

  #map(depth: number): ReadonlyMap<string, YamlNode> {
    const entries = new Map<string, YamlNode>();
    this.#at++;
    while (!this.#takes('}')) {
      const { value: key } = this.node(depth + 1, true);
      if (typeof key !== 'string') throw this.#fault('a key must be a text.');
      if (entries.has(key)) throw this.#fault(`duplicate key ${JSON.stringify(key)}.`);
      if (!this.#takes(':')) throw this.#fault('expected ":" after a key.');
      entries.set(key, this.node(depth + 1, true));
      this.#separator('}');
    }
    return entries;
  }

  #singleQuoted(): string {
    const [token] = /^'(?:[^']|'')*'/.exec(this.#line.text.slice(this.#at)) ?? [];
    if (token === undefined) throw this.#fault("a quote ' must be closed on the same line.");
    this.#at += token.length;
    return token.slice(1, -1).replaceAll("''", "'");
  }

  #doubleQuoted(): string {
    const [token] = /^"(?:[^"\\]|\\.)*"/.exec(this.#line.text.slice(this.#at)) ?? [];
    if (token === undefined) throw this.#fault('a quote " must be closed on the same line.');
    const text = token.slice(1, -1).replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, code: string) => {
      const character = code.length > 1 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : ESCAPES.get(code);
      if (character === undefined) throw this.#fault(`unknown escape \\${code}.`);
      return character;
    });
    this.#at += token.length;
    return text;
  }

  /** Within brackets, it ends at a separator. */
  #plain(isInFlow: boolean): string {
    const rest = this.#line.text.slice(this.#at);
    const end = rest.search(isInFlow ? /[,[\]{}]|:(?=\s|$)/ : /:(?=\s|$)/);
    if (end !== -1 && !isInFlow)
      throw new YamlError(
        'a second ": " on a line; put the value in quotes.',
        this.#line.number,
        this.#line.column + this.#at + end,
      );
    const text = end === -1 ? rest : rest.slice(0, end);
    if (isInFlow && text.trim() === '') throw this.#fault('expected a value.');
    this.#at += text.length;
    return text.trim();
  }

  /** Takes a comma, unless the collection ends here. */
  #separator(end: string): void {
    if (!this.#takes(',') && this.#line.text[this.#at] !== end) throw this.#fault(`expected , or ${end}.`);
  }

  #takes(character: string): boolean {
    this.#skipToText();
    const isThere = this.#line.text[this.#at] === character;
    if (isThere) this.#at++;
    return isThere;
  }

  /** Moves to the next text of a flow collection, on this line or a later one. */
  #skipToText(): void {
    this.#skipBlanks();
    while (this.#at >= this.#line.text.length) {
      const next = this.#nextLine();
      if (next === undefined) throw this.#fault('a list or map in brackets is not closed.');
      this.#line = next;
      this.#at = 0;
    }
  }

  #skipBlanks(): void {
    while (/[ \t]/.test(this.#line.text[this.#at] ?? '')) this.#at++;
  }

  #fault(reason: string): YamlError {
    return new YamlError(reason, this.#line.number, this.#line.column + this.#at);
  }
}

const FORBIDDEN: ReadonlyMap<string, string> = new Map([
  ['&', 'anchors are not supported.'],
  ['*', 'aliases are not supported; put the value in quotes.'],
  ['!', 'tags are not supported; put the value in quotes.'],
  ['%', 'directives are not supported; put the value in quotes.'],
  ['@', 'put a value that starts with @ in quotes.'],
  ['`', 'put a value that starts with ` in quotes.'],
  ['|', 'the text of a block scalar must start on the next line.'],
  ['>', 'folded block scalars are not supported; use | or quotes.'],
  ['?', 'keys that start with ? are not supported.'],
]);

/** The escapes of JSON. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['"', '"'],
  ['/', '/'],
  ['\\', '\\'],
]);
