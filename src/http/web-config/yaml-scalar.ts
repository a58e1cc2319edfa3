import type { YamlNode, YamlValue } from './yaml.ts';
import { YamlError } from './yaml-error.ts';

const MAX_DEPTH = 20;

/** Reads what stands on one line: a scalar, or a flow list or map. Throws a YamlError for anything else. */
export function parseScalar(text: string, line: number, column: number, depth = 0): YamlNode {
  const parser = new FlowParser(text, line, column);
  const node = parser.node(depth, false);
  parser.end();
  return node;
}

class FlowParser {
  readonly #text: string;
  readonly #line: number;
  readonly #column: number;
  #at = 0;

  constructor(text: string, line: number, column: number) {
    this.#text = text;
    this.#line = line;
    this.#column = column;
  }

  node(depth: number, isInFlow: boolean): YamlNode {
    this.#skipBlanks();
    if (depth > MAX_DEPTH) throw this.#fault(`more than ${MAX_DEPTH} levels.`);
    const place = { line: this.#line, column: this.#column + this.#at };
    return { ...place, value: this.#value(depth, isInFlow) };
  }

  end(): void {
    this.#skipBlanks();
    if (this.#at < this.#text.length) throw this.#fault('unexpected text behind a value.');
  }

  #value(depth: number, isInFlow: boolean): YamlValue {
    const first = this.#text[this.#at] ?? '';
    if (first === '[') return this.#list(depth);
    if (first === '{') return this.#map(depth);
    if (first === '"') return this.#doubleQuoted();
    if (first === "'") return this.#singleQuoted();
    const reason = FORBIDDEN.get(first);
    if (reason !== undefined) throw this.#fault(reason);
    return plain(this.#plainText(isInFlow));
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
      if (typeof key !== 'string') throw this.#fault('a key is a text.');
      if (entries.has(key)) throw this.#fault(`the key ${JSON.stringify(key)} is there twice.`);
      if (!this.#takes(':')) throw this.#fault('expected ":" behind a key.');
      entries.set(key, this.node(depth + 1, true));
      this.#separator('}');
    }
    return entries;
  }

  #singleQuoted(): string {
    const [token] = /^'(?:[^']|'')*'/.exec(this.#text.slice(this.#at)) ?? [];
    if (token === undefined) throw this.#fault("a quote ' that does not end on its line.");
    this.#at += token.length;
    return token.slice(1, -1).replaceAll("''", "'");
  }

  #doubleQuoted(): string {
    const [token] = /^"(?:[^"\\]|\\.)*"/.exec(this.#text.slice(this.#at)) ?? [];
    if (token === undefined) throw this.#fault('a quote " that does not end on its line.');
    const text = token.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g, (_, code: string) => {
      const character = code.length > 1 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : ESCAPES.get(code);
      if (character === undefined) throw this.#fault(`there is no escape \\${code}.`);
      return character;
    });
    this.#at += token.length;
    return text;
  }

  /** Inside of brackets it ends at what separates there. */
  #plainText(isInFlow: boolean): string {
    const rest = this.#text.slice(this.#at);
    const end = rest.search(isInFlow ? /[,[\]{}]|:(?=\s|$)/ : /:(?=\s|$)/);
    if (end !== -1 && !isInFlow)
      throw new YamlError(
        'a second ": " on a line; put the value in quotes.',
        this.#line,
        this.#column + this.#at + end,
      );
    const text = end === -1 ? rest : rest.slice(0, end);
    if (isInFlow && text.trim() === '') throw this.#fault('expected a value.');
    this.#at += text.length;
    return text.trim();
  }

  /** A comma, unless the collection ends here. */
  #separator(end: string): void {
    if (this.#takes(',')) return;
    this.#skipBlanks();
    if (this.#at >= this.#text.length) throw this.#fault(`expected ${end} on the same line.`);
    if (this.#text[this.#at] !== end) throw this.#fault(`expected , or ${end}.`);
  }

  #takes(character: string): boolean {
    this.#skipBlanks();
    const isThere = this.#text[this.#at] === character;
    if (isThere) this.#at++;
    return isThere;
  }

  #skipBlanks(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++;
  }

  #fault(reason: string): YamlError {
    return new YamlError(reason, this.#line, this.#column + this.#at);
  }
}

const FORBIDDEN: ReadonlyMap<string, string> = new Map([
  ['&', 'anchors are not supported.'],
  ['*', 'aliases are not supported; put the value in quotes.'],
  ['!', 'tags are not supported; put the value in quotes.'],
  ['%', 'directives are not supported; put the value in quotes.'],
  ['@', 'put a value that begins with @ in quotes.'],
  ['`', 'put a value that begins with ` in quotes.'],
  ['|', 'a block scalar has its text on the lines below.'],
  ['>', 'a block scalar has its text on the lines below.'],
  ['?', 'keys that begin with ? are not supported.'],
]);

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ['/', '/'],
  ['\\', '\\'],
]);

/** The core schema of YAML 1.2. */
function plain(text: string): YamlValue {
  if (/^(~|null|Null|NULL|)$/.test(text)) return null;
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  return /^[-+]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})$/.test(text) ? Number(text) : text;
}
