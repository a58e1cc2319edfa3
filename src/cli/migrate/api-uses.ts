import { ModuleNames } from './module-names.ts';
import { TokenList } from './token-list.ts';
import { type Token, tokensOf } from './tokens.ts';

/** A place in a source where the API of prom-client is used. */
export interface ApiUse {
  readonly offset: number;
  /** `new Counter`, `register.metrics()`, `Counter` for a mere reference, or the text of an expression that cannot be followed. */
  readonly text: string;
  /** Names of the members, starting at the module: `register`, `metrics`. Empty for the module itself. */
  readonly path: readonly string[];
  readonly form: 'new' | 'call' | 'reference' | 'deep import' | 'text' | 'lost';
  /** The first tokens of the arguments of a call. */
  readonly args: readonly Token[];
}

/** Maximum number of tokens of arguments to read. */
const MAX_ARGUMENT_TOKENS = 500;
const MAX_TYPE_TOKENS = 100;
/** Maximum number of tokens of an expression to show. */
const MAX_WRITTEN_TOKENS = 10;
/** Functions that compilers put around `require()`. */
const WRAPPER = /^(__importDefault|__importStar|_interopRequire\w*|__toESM|__toModule)$/;
const BEFORE_GROUP = new Set('await default new return typeof yield'.split(' '));
const CONDITIONS = new Set(['Boolean', 'if', 'while']);
const INTERNAL_PROPERTIES = new Set(['_metrics', 'hashMap']);

/** Finds the uses of a package in a source text. It knows tokens, not scopes: uses that it cannot follow are `lost`. */
export function apiUses(source: string, packageName: string): ApiUse[] {
  if (!source.includes(packageName)) return [];
  return new Scan(new TokenList(tokensOf(source)), packageName).uses();
}

/** An expression, as a range of tokens, that stands for a part of the API. */
interface Expression {
  start: number;
  end: number;
  readonly path: string[];
}

class Scan {
  readonly #tokens: TokenList;
  readonly #names: ModuleNames;
  readonly #uses: ApiUse[] = [];

  constructor(tokens: TokenList, packageName: string) {
    this.#tokens = tokens;
    this.#names = new ModuleNames(tokens, packageName);
  }

  uses(): ApiUse[] {
    const { deepImports, texts, reexports, loads } = this.#names;
    for (const { index, path } of deepImports) this.#addToken(index, 'deep import', [path]);
    for (const index of texts) this.#addToken(index, 'text');
    for (const index of reexports) this.#addToken(index, 'lost');
    for (const load of loads) this.#follow({ ...load, path: [] });
    for (let use = this.#names.nextUse(); use !== undefined; use = this.#names.nextUse()) {
      let start = use.index;
      // The expression `this.client` starts at `this`.
      while (this.#tokens.isDot(start - 1) && this.#tokens.isName(start - 2)) start -= 2;
      this.#follow({ start, end: use.index, path: [...use.path] });
    }
    if (this.#names.isLoaded) this.#findProperties();
    return this.#uses.sort((a, b) => a.offset - b.offset);
  }

  /** `.hashMap` and `._metrics` of objects that may be metrics and registries. */
  #findProperties(): void {
    for (const [index, { text }] of this.#tokens.all.entries()) {
      const isProperty = INTERNAL_PROPERTIES.has(text) && this.#tokens.isName(index) && this.#tokens.isDot(index - 1);
      if (isProperty) this.#addToken(index, 'lost', [text]);
    }
  }

  #follow(expression: Expression): void {
    while (this.#takeMember(expression) || this.#takeWrapping(expression)) {
      // One member or one pair of parentheses at a time.
    }
    const { start, end, path } = expression;
    const [before, after] = [this.#tokens.text(start - 1), this.#tokens.text(end + 1)];
    if (before === 'typeof') return;
    const isBound = this.#names.bind(expression);
    if (path.length === 0 && (isBound || this.#isHarmless(expression))) return;
    if (path.length === 0 || after === '[') this.#add(expression, 'lost');
    else if (before === 'new') this.#add(expression, 'new');
    else this.#add(expression, this.#isCalled(end + 1) ? 'call' : 'reference');
  }

  /** Extends the expression by `.name` or `['name']`. */
  #takeMember(expression: Expression): boolean {
    const { path } = expression;
    if (path.length === 2) return false;
    if (this.#tokens.text(expression.end + 1) === '!' && this.#tokens.isDot(expression.end + 2)) expression.end += 1; // TypeScript's.
    const { end } = expression;
    const name = this.#tokens.at(end + 2);
    const isMember = this.#tokens.isDot(end + 1) && name?.kind === 'name';
    const isElement =
      this.#tokens.text(end + 1) === '[' && name?.kind === 'string' && this.#tokens.text(end + 3) === ']';
    if (name === undefined || !(isMember || isElement) || (path.length === 0 && name.text === 'then')) return false;
    if (name.text !== 'default' || path.length > 0) path.push(name.text);
    expression.end += isMember ? 2 : 3;
    return true;
  }

  /** Extends the expression by `await`, parentheses, or code that compilers write around a module and its members. */
  #takeWrapping(expression: Expression): boolean {
    const { start, end, path } = expression;
    const [before, after] = [this.#tokens.text(start - 1), this.#tokens.text(end + 1)];
    if (before === 'await') expression.start -= 1;
    else if (before === '(' && this.#closes(end + 1) && this.#isGrouping(start - 2)) {
      expression.start -= WRAPPER.test(this.#tokens.text(start - 2)) ? 2 : 1;
      expression.end += after === ')' ? 1 : 3;
      if (this.#tokens.isDot(expression.start - 1)) expression.start -= 2; // tslib.__importStar
    } else if (path.length > 0 && before === ',' && this.#tokens.text(start - 2) === '0' && after === ')') {
      expression.start -= 3; // (0, module.name)
      expression.end += 1;
    } else return false;
    return true;
  }

  /** `)`, or the `, 1)` of esbuild. */
  #closes(index: number): boolean {
    const isFlagged = this.#tokens.text(index) === ',' && this.#tokens.at(index + 1)?.kind === 'number';
    return this.#tokens.text(isFlagged ? index + 2 : index) === ')';
  }

  /** Whether parentheses behind this token only group, or belong to a wrapper. */
  #isGrouping(index: number): boolean {
    const token = this.#tokens.at(index);
    if (token === undefined || WRAPPER.test(token.text)) return true;
    if (token.kind === 'name') return BEFORE_GROUP.has(token.text);
    return token.kind === 'punctuator' && ![')', ']', '?.'].includes(token.text);
  }

  /** Whether the module is only a condition, or only loaded for its side effects. */
  #isHarmless({ start, end }: Expression): boolean {
    const [before, after] = [this.#tokens.text(start - 1), this.#tokens.text(end + 1)];
    if (before === '!' || ['&', '|', '?', '='].includes(after)) return true;
    if (before === '(' && after === ')') return CONDITIONS.has(this.#tokens.text(start - 2));
    if (after === '}') return before === ';' || before === '}'; // `{ client }` is an object that holds it.
    return ['', ';', '}', '{', ')'].includes(before) && ['', ';'].includes(after);
  }

  #addToken(index: number, form: ApiUse['form'], path: readonly string[] = []): void {
    this.#add({ start: index, end: index, path: [...path] }, form);
  }

  #add({ start, end, path }: Expression, form: ApiUse['form']): void {
    const first = this.#tokens.at(form === 'new' ? start - 1 : start);
    if (first === undefined) return;
    const shown = this.#tokens.all.slice(start, Math.min(end + 1, start + MAX_WRITTEN_TOKENS));
    const texts = shown.map(({ kind, text }) => (kind === 'string' || kind === 'template' ? `'${text}'` : text));
    const name = path.join('.') || texts.join('');
    const text = form === 'new' ? `new ${name}` : form === 'call' ? `${name}()` : name;
    const args = form === 'new' || form === 'call' ? this.#argsFrom(end + 1) : [];
    this.#uses.push({ offset: first.offset, text, path, form, args });
  }

  /** `(`, `?.(` or `<Type>(` */
  #isCalled(index: number): boolean {
    if (this.#tokens.text(index) === '<') return this.#tokens.text(this.#afterTypeArguments(index)) === '(';
    return this.#tokens.text(this.#tokens.text(index) === '?.' ? index + 1 : index) === '(';
  }

  #argsFrom(index: number): Token[] {
    const args: Token[] = [];
    let depth = 0;
    const start = this.#tokens.text(index) === '<' ? this.#afterTypeArguments(index) : index;
    for (let at = start; at < start + MAX_ARGUMENT_TOKENS; at++) {
      const token = this.#tokens.at(at);
      if (token === undefined) break;
      if (token.kind === 'punctuator' && '([{'.includes(token.text)) depth++;
      if (token.kind === 'punctuator' && ')]}'.includes(token.text)) depth--;
      if (depth <= 0) break;
      args.push(token);
    }
    return args.slice(1);
  }

  #afterTypeArguments(index: number): number {
    let depth = 0;
    for (let at = index; at < index + MAX_TYPE_TOKENS; at++) {
      if (this.#tokens.text(at) === '<') depth++;
      if (this.#tokens.text(at) === '>' && --depth === 0) return at + 1;
    }
    return index;
  }
}
