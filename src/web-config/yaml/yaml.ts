import { MAX_DEPTH, YamlError, type YamlNode } from './yaml-node.ts';
import { parseScalar, type ScalarLine } from './yaml-scalar.ts';

interface Line {
  readonly number: number;
  readonly indent: number;
  /** Text without indentation, comment and trailing whitespace. */
  readonly text: string;
  /** The unmodified line, for block scalars. */
  readonly raw: string;
}

const MAX_CHARACTERS = 250_000;

/**
 * Parses the subset of YAML 1.2 that configurations use: block maps and lists, plain and quoted scalars, literal blocks
 * (`|` and `|-`), comments, and flow collections, hence JSON.
 *
 * @throws {YamlError} for anything else: folded blocks and other scalars of several lines, anchors, aliases, tags,
 * several documents, tabs as indentation, duplicate keys, more than 250,000 characters or 20 levels.
 */
export function parseYaml(text: string): YamlNode {
  if (text.length > MAX_CHARACTERS) throw new YamlError(`must have at most ${MAX_CHARACTERS} characters.`, 1, 1);
  return new BlockParser(splitLines(text)).document();
}

function splitLines(text: string): Line[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((raw, index) => {
    const indent = raw.length - raw.trimStart().length;
    return { number: index + 1, indent, text: withoutComment(raw.slice(indent)), raw };
  });
}

/**
 * Matches quoted scalars and the start of a comment: # at the start or after whitespace. Quotes within plain scalars
 * are text.
 */
const QUOTED_OR_COMMENT = /(?:^|[\s[{,:-])(?<quoted>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|(?:^|\s)#/g;

function withoutComment(text: string): string {
  for (const { index, groups } of text.matchAll(QUOTED_OR_COMMENT)) {
    if (groups?.['quoted'] === undefined) return text.slice(0, index).trimEnd();
  }
  return text.trimEnd();
}

class BlockParser {
  readonly #lines: Line[];
  #at = 0;

  constructor(lines: Line[]) {
    this.#lines = lines;
  }

  document(): YamlNode {
    if (this.#next()?.text === '---') this.#at++;
    const first = this.#next();
    const isEmpty = first === undefined || isEnd(first);
    const node = isEmpty ? { value: null, line: 1, column: 1 } : this.#block(first.indent, 0);
    const end = this.#next();
    if (end !== undefined && isEnd(end)) this.#at++;
    const rest = this.#next();
    if (rest !== undefined)
      throw fault(rest, isMarker(rest) || isMarker(end) ? 'only one document is supported.' : 'unexpected text.');
    return node;
  }

  /** Returns the next line that is not empty, and checks its indentation. */
  #next(): Line | undefined {
    let line = this.#lines[this.#at];
    while (line !== undefined && line.text === '') line = this.#lines[++this.#at];
    if (line !== undefined && /\t/.test(line.raw.slice(0, line.indent)))
      throw fault(line, 'must be indented by spaces, got a tab.', 0);
    return line;
  }

  /** Parses the value that starts on the next line, which is indented by `indent`. */
  #block(indent: number, depth: number): YamlNode {
    const line = this.#next()!; // The callers have checked it.
    if (depth > MAX_DEPTH) throw fault(line, `must have at most ${MAX_DEPTH} levels.`);
    if (isItem(line.text)) return this.#list(indent, depth);
    if (keyEnd(line.text) !== -1) return this.#map(indent, depth);
    this.#at++;
    return this.#scalar(line, line.text, line.indent);
  }

  #list(indent: number, depth: number): YamlNode {
    const first = this.#next()!; // The caller has checked it.
    const items: YamlNode[] = [];
    for (let line: Line | undefined = first; line?.indent === indent && isItem(line.text); line = this.#next()) {
      items.push(this.#item(line, depth));
    }
    this.#checkEnd(indent);
    return { value: items, line: first.number, column: indent + 1 };
  }

  /** Parses `- value` as if the dash were a space. */
  #item(line: Line, depth: number): YamlNode {
    const rest = line.text.slice(1).trimStart();
    const column = line.indent + line.text.length - rest.length;
    if (rest === '') {
      this.#at++;
      return this.#nested(line, line.indent + 1, depth);
    }
    if (keyEnd(rest) === -1 && !isItem(rest)) {
      this.#at++;
      return this.#inline(line, rest, column, depth);
    }
    this.#lines[this.#at] = { ...line, indent: column, text: rest };
    return this.#block(column, depth + 1);
  }

  #map(indent: number, depth: number): YamlNode {
    const first = this.#next()!; // The caller has checked it.
    const entries = new Map<string, YamlNode>();
    for (let line: Line | undefined = first; line?.indent === indent; line = this.#next()) {
      const end = keyEnd(line.text);
      if (isMarker(line)) break;
      if (end === -1) throw fault(line, 'expected "key: value".');
      const text = line.text.slice(0, end).trim();
      const { value: key } = parseScalar({ text, number: line.number, column: line.indent + 1 });
      if (typeof key !== 'string') throw fault(line, 'a key must be a text.');
      if (entries.has(key)) throw fault(line, `duplicate key ${JSON.stringify(key)}.`);
      entries.set(key, this.#valueOf(line, end, depth));
    }
    this.#checkEnd(indent);
    return { value: entries, line: first.number, column: indent + 1 };
  }

  #valueOf(line: Line, end: number, depth: number): YamlNode {
    const rest = line.text.slice(end + 1).trimStart();
    this.#at++;
    if (rest !== '') return this.#inline(line, rest, line.indent + line.text.length - rest.length, depth);
    const next = this.#next();
    // A list may have the same indentation as its key.
    if (next?.indent === line.indent && isItem(next.text)) return this.#list(line.indent, depth + 1);
    return this.#nested(line, line.indent + 1, depth);
  }

  /** Parses the following lines that are indented further; null if there are none. */
  #nested(line: Line, atLeast: number, depth: number): YamlNode {
    const next = this.#next();
    if (next === undefined || next.indent < atLeast) return { value: null, line: line.number, column: line.indent + 1 };
    return this.#block(next.indent, depth + 1);
  }

  #inline(line: Line, text: string, column: number, depth: number): YamlNode {
    if (text === '|' || text === '|-') {
      const block = this.#blockLines(line).join('\n').trimEnd();
      const value = block === '' || text === '|-' ? block : `${block}\n`;
      return { value, line: line.number, column: column + 1 };
    }
    return this.#scalar(line, text, column, depth);
  }

  #scalar(line: Line, text: string, column: number, depth = 0): YamlNode {
    const node = parseScalar({ text, number: line.number, column: column + 1 }, depth, () => this.#nextInFlow());
    const next = this.#next();
    if (next !== undefined && next.indent > line.indent) {
      throw fault(next, 'unexpected indentation; write a text of several lines as a block scalar (|).');
    }
    return node;
  }

  /** Returns the next line of a flow collection, whatever its indentation. */
  #nextInFlow(): ScalarLine | undefined {
    const line = this.#lines[this.#at];
    if (line === undefined || isMarker(line)) return undefined;
    this.#at++;
    return { ...line, column: line.indent + 1 };
  }

  /** Takes the following lines that are blank or indented further, without the indentation of the first of them. */
  #blockLines(line: Line): string[] {
    const lines: string[] = [];
    let indent: number | undefined;
    for (let next = this.#lines[this.#at]; next !== undefined; next = this.#lines[++this.#at]) {
      const isBlank = next.raw.trim() === '';
      if (!isBlank && next.indent < (indent ?? line.indent + 1)) break;
      if (!isBlank) indent ??= next.indent;
      lines.push(isBlank ? '' : next.raw.slice(indent));
    }
    return lines;
  }

  #checkEnd(indent: number): void {
    const next = this.#next();
    if (next !== undefined && next.indent >= indent && next.indent > 0) {
      if (next.indent > indent || !isItem(next.text)) throw fault(next, 'unexpected indentation.');
    }
  }
}

function isMarker(line: Line | undefined): boolean {
  return line !== undefined && line.indent === 0 && (line.text === '---' || isEnd(line));
}

/** Whether a line ends the document. */
function isEnd({ indent, text }: Line): boolean {
  return indent === 0 && text === '...';
}

function isItem(text: string): boolean {
  return text === '-' || text.startsWith('- ');
}

/** Returns the index of the colon after the key; -1 if the line has no key. */
function keyEnd(text: string): number {
  const [quoted] = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*(?=:(\s|$))/.exec(text) ?? [];
  if (quoted !== undefined) return quoted.length;
  if (/^["'[{]/.test(text)) return -1;
  return text.search(/:(\s|$)/);
}

function fault({ number, indent }: Line, reason: string, column = indent): YamlError {
  return new YamlError(reason, number, column + 1);
}
