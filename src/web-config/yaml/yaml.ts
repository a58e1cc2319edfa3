import { YamlError, type YamlNode } from './yaml-node.ts';
import { parseScalar, type ScalarLine } from './yaml-scalar.ts';

interface Line {
  readonly number: number;
  readonly indent: number;
  /** Without indent, comment and trailing blanks; '' for a line that has nothing else. */
  readonly text: string;
  /** As it stands there, for block scalars. */
  readonly raw: string;
}

const MAX_CHARACTERS = 250_000;
const MAX_DEPTH = 20;

/**
 * Reads the part of YAML 1.2 that configurations are written in: block maps and lists, plain and quoted scalars, literal and
 * folded blocks, comments, and flow collections, so JSON too. Throws a YamlError for all else: scalars that go on on another
 * line, anchors, aliases, tags, several documents, tabs as indentation, the same key twice, more than 250,000 characters or 20
 * levels.
 */
export function parseYaml(text: string): YamlNode {
  if (text.length > MAX_CHARACTERS) throw new YamlError(`it is longer than ${MAX_CHARACTERS} characters.`, 1, 1);
  return new BlockParser(linesOf(text)).document();
}

function linesOf(text: string): Line[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((raw, index) => {
    const indent = raw.length - raw.trimStart().length;
    return { number: index + 1, indent, text: withoutComment(raw.slice(indent)), raw };
  });
}

/** What stands in quotes, or a comment: # at the start or after a blank. Inside of a plain scalar quotes are nothing. */
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
      throw fault(rest, isMarker(rest) || isMarker(end) ? 'one document only.' : 'unexpected text.');
    return node;
  }

  /** The next line that says something; checks how it is indented. */
  #next(): Line | undefined {
    let line = this.#lines[this.#at];
    while (line !== undefined && line.text === '') line = this.#lines[++this.#at];
    if (line !== undefined && /\t/.test(line.raw.slice(0, line.indent)))
      throw fault(line, 'a tab as indentation; use blanks.', 0);
    return line;
  }

  /** What begins at the next line, all of it indented by `indent`. */
  #block(indent: number, depth: number): YamlNode {
    const line = this.#next()!; // Callers have seen it.
    if (depth > MAX_DEPTH) throw fault(line, `more than ${MAX_DEPTH} levels.`);
    if (isItem(line.text)) return this.#list(indent, depth);
    if (keyEnd(line.text) !== -1) return this.#map(indent, depth);
    this.#at++;
    return this.#scalar(line, line.text, line.indent);
  }

  #list(indent: number, depth: number): YamlNode {
    const first = this.#next()!; // The caller has seen it.
    const items: YamlNode[] = [];
    for (let line: Line | undefined = first; line?.indent === indent && isItem(line.text); line = this.#next()) {
      items.push(this.#item(line, depth));
    }
    this.#checkEnd(indent);
    return { value: items, line: first.number, column: indent + 1 };
  }

  /** `- value`: the value is read as if the dash were a blank. */
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
    const first = this.#next()!; // The caller has seen it.
    const entries = new Map<string, YamlNode>();
    for (let line: Line | undefined = first; line?.indent === indent; line = this.#next()) {
      const end = keyEnd(line.text);
      if (isMarker(line)) break;
      if (end === -1) throw fault(line, 'expected "key: value".');
      const key = this.#key(line, line.text.slice(0, end));
      if (entries.has(key)) throw fault(line, `the key ${JSON.stringify(key)} is there twice.`);
      entries.set(key, this.#valueOf(line, end, depth));
    }
    this.#checkEnd(indent);
    return { value: entries, line: first.number, column: indent + 1 };
  }

  #key(line: Line, text: string): string {
    const { value } = parseScalar({ text: text.trim(), number: line.number, column: line.indent + 1 });
    if (typeof value !== 'string') throw fault(line, 'a key is a text.');
    return value;
  }

  #valueOf(line: Line, end: number, depth: number): YamlNode {
    const rest = line.text.slice(end + 1).trimStart();
    this.#at++;
    if (rest !== '') return this.#inline(line, rest, line.indent + line.text.length - rest.length, depth);
    const next = this.#next();
    // A list may stand as far left as the key that it belongs to.
    if (next?.indent === line.indent && isItem(next.text)) return this.#list(line.indent, depth + 1);
    return this.#nested(line, line.indent + 1, depth);
  }

  /** What stands further right below the line; null where there is nothing. */
  #nested(line: Line, atLeast: number, depth: number): YamlNode {
    const next = this.#next();
    if (next === undefined || next.indent < atLeast) return { value: null, line: line.number, column: line.indent + 1 };
    return this.#block(next.indent, depth + 1);
  }

  #inline(line: Line, text: string, column: number, depth: number): YamlNode {
    if (text === '|' || text === '|-') return this.#blockScalar(line, text, column);
    return this.#scalar(line, text, column, depth);
  }

  #scalar(line: Line, text: string, column: number, depth = 0): YamlNode {
    const node = parseScalar({ text, number: line.number, column: column + 1 }, depth, () => this.#nextInFlow());
    const next = this.#next();
    if (next !== undefined && next.indent > line.indent) {
      throw fault(next, 'unexpected indentation: a value that goes on stands in quotes or below "|".');
    }
    return node;
  }

  /** The next line of a flow collection, however it is indented. */
  #nextInFlow(): ScalarLine | undefined {
    const line = this.#lines[this.#at];
    if (line === undefined || isMarker(line)) return undefined;
    this.#at++;
    return { ...line, column: line.indent + 1 };
  }

  #blockScalar(line: Line, style: '|' | '|-', column: number): YamlNode {
    const text = this.#blockLines(line).join('\n').trimEnd();
    return { value: text === '' || style === '|-' ? text : `${text}\n`, line: line.number, column: column + 1 };
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

/** The end of a document. */
function isEnd({ indent, text }: Line): boolean {
  return indent === 0 && text === '...';
}

function isItem(text: string): boolean {
  return text === '-' || text.startsWith('- ');
}

/** Where the colon stands that ends a key; -1 where the line is none. */
function keyEnd(text: string): number {
  const [quoted] = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*(?=:(\s|$))/.exec(text) ?? [];
  if (quoted !== undefined) return quoted.length;
  if (/^["'[{]/.test(text)) return -1;
  return text.search(/:(\s|$)/);
}

function fault({ number, indent }: Line, reason: string, column = indent): YamlError {
  return new YamlError(reason, number, column + 1);
}
