/** A piece of a source text, with comments and white space left out. */
export interface Token {
  /** A template comes in parts: `template` up to an expression, the tokens of the expression, `template` again. */
  readonly kind: 'name' | 'string' | 'template' | 'number' | 'regex' | 'punctuator';
  /** The source text; for strings and templates, their contents. */
  readonly text: string;
  readonly offset: number;
}

const SPACE = /\s+/y;
const NAME = /#?[$_\p{ID_Start}][$\p{ID_Continue}]*/uy;
const NUMBER = /(?:\d|\.\d)[\w.]*/y;
const PUNCTUATOR = /\?\.(?!\d)|=>|\.\.\.|\+\+|--|./suy;

/** Keywords that an expression may follow. */
const BEFORE_EXPRESSION = new Set(
  'await case default delete do else extends in instanceof new of return throw typeof void yield'.split(' '),
);
const WITH_CONDITION = new Set(['for', 'if', 'while', 'with']);

/**
 * Splits JavaScript or TypeScript into tokens in linear time. Invalid text is not an error: it becomes tokens of single
 * characters, and a string or regular expression ends with its line at the latest.
 */
export function tokensOf(source: string): Token[] {
  return new Lexer(source).tokens();
}

class Lexer {
  readonly #source: string;
  readonly #tokens: Token[] = [];
  #offset = 0;
  /** For each open parenthesis, whether it is that of `if (...)` and the like, which a regular expression may follow. */
  readonly #parentheses: boolean[] = [];
  #isAfterCondition = false;
  /** For each open `${`, the number of open braces in it. */
  readonly #templates: number[] = [];
  /** Before this offset, no slash is followed by another one that could end a regular expression. */
  #noRegexBefore = 0;

  constructor(source: string) {
    this.#source = source;
  }

  tokens(): Token[] {
    if (this.#source.startsWith('#!')) this.#offset = this.#endOf('\n');
    while (this.#offset < this.#source.length) {
      if (!this.#skip()) this.#read();
    }
    return this.#tokens;
  }

  /** Skips white space or a comment. */
  #skip(): boolean {
    if (this.#match(SPACE) !== undefined) return true;
    if (this.#source.startsWith('//', this.#offset)) this.#offset = this.#endOf('\n');
    else if (this.#source.startsWith('/*', this.#offset)) this.#offset = this.#endOf('*/');
    else return false;
    return true;
  }

  #read(): void {
    const character = this.#source[this.#offset]!;
    if (character === '"' || character === "'") this.#string(character);
    else if (character === '`') this.#template();
    else if (this.#add('name', this.#match(NAME)) || this.#add('number', this.#match(NUMBER))) return;
    else if (character !== '/' || !this.#isExpressionExpected() || !this.#regex()) {
      this.#punctuator(this.#match(PUNCTUATOR) ?? '');
    }
  }

  #string(quote: string): void {
    const begin = this.#offset + 1;
    let end = begin;
    while (end < this.#source.length && this.#source[end] !== quote && this.#source[end] !== '\n') {
      end += this.#source[end] === '\\' ? 2 : 1;
    }
    this.#offset = end + 1;
    this.#add('string', this.#source.slice(begin, end), begin - 1);
  }

  /** A part of a template, from its backtick or the `}` of an expression in it. */
  #template(): void {
    const begin = this.#offset + 1;
    let end = begin;
    while (end < this.#source.length && this.#source[end] !== '`' && !this.#source.startsWith('${', end)) {
      end += this.#source[end] === '\\' ? 2 : 1;
    }
    const isOpen = this.#source[end] === '$';
    if (isOpen) this.#templates.push(0);
    this.#offset = end + (isOpen ? 2 : 1);
    this.#add('template', this.#source.slice(begin, end), begin - 1);
  }

  #regex(): boolean {
    if (this.#offset < this.#noRegexBefore) return false;
    let isInClass = false;
    let end = this.#offset + 1;
    for (; this.#source[end] !== '/' || isInClass; end++) {
      const character = this.#source[end];
      if (character === undefined || character === '\n') {
        this.#noRegexBefore = end;
        return false;
      }
      if (character === '\\') end++;
      else if (character === '[') isInClass = true;
      else if (character === ']') isInClass = false;
    }
    const begin = this.#offset;
    this.#offset = end + 1;
    return this.#add('regex', this.#source.slice(begin, end + 1), begin);
  }

  #punctuator(text: string): void {
    const isConditionEnd = text === ')' && this.#parentheses.pop() === true;
    if (text === '(') this.#parentheses.push(WITH_CONDITION.has(this.#tokens.at(-1)?.text ?? ''));
    this.#isAfterCondition = isConditionEnd;
    const depth = this.#templates.at(-1);
    if (text === '}' && depth === 0) {
      this.#templates.pop();
      this.#offset -= 1;
      this.#template();
      return;
    }
    if (depth !== undefined && (text === '{' || text === '}'))
      this.#templates.push(this.#templates.pop()! + (text === '{' ? 1 : -1));
    this.#add('punctuator', text);
  }

  /** Whether a slash begins a regular expression; otherwise it divides. */
  #isExpressionExpected(): boolean {
    const last = this.#tokens.at(-1);
    if (last === undefined) return true;
    if (last.kind === 'name') return BEFORE_EXPRESSION.has(last.text);
    if (last.kind !== 'punctuator') return false;
    if (last.text === ')') return this.#isAfterCondition;
    return !['<', ']', '++', '--'].includes(last.text); // `</` ends an element of JSX.
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    const text = pattern.exec(this.#source)?.[0];
    this.#offset += text?.length ?? 0;
    return text;
  }

  #add(kind: Token['kind'], text: string | undefined, offset = this.#offset - (text?.length ?? 0)): boolean {
    if (text !== undefined) this.#tokens.push({ kind, text, offset });
    return text !== undefined;
  }

  #endOf(text: string): number {
    const found = this.#source.indexOf(text, this.#offset);
    return found < 0 ? this.#source.length : found + text.length;
  }
}
