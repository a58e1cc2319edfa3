import { assignedName, type Binding, clauseBindings, patternBindings } from './bindings.ts';
import type { TokenList } from './token-list.ts';

/** Tokens from `start` to `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Maximum number of tokens of an import clause to read. */
const MAX_CLAUSE_TOKENS = 1000;
/** Maximum number of tokens of parameters to read. */
const MAX_PARAMETER_TOKENS = 500;
const DECLARING = new Set('const let var function class interface type enum namespace'.split(' '));
const MODIFIERS = new Set('private public protected readonly static override declare async get set'.split(' '));

/** Where a source loads the package, and the names in it that stand for the package or a part of it. */
export class ModuleNames {
  /** `require('prom-client')` and the like. */
  readonly loads: Range[] = [];
  readonly deepImports: { readonly index: number; readonly path: string }[] = [];
  /** Strings with the package's name that do not load it, such as `jest.mock('prom-client')`. */
  readonly texts: number[] = [];
  /** `export * from 'prom-client'` */
  readonly reexports: number[] = [];
  readonly #tokens: TokenList;
  readonly #packageName: string;
  /** The places of each name. */
  readonly #places = new Map<string, number[]>();
  readonly #bound = new Set<string>();
  readonly #queue: Binding[] = [];
  /** Tokens that bind a name, which is not a use of it. */
  readonly #declarations = new Set<number>();

  constructor(tokens: TokenList, packageName: string) {
    this.#tokens = tokens;
    this.#packageName = packageName;
    const strings: number[] = [];
    for (const [index, { kind, text }] of tokens.all.entries()) {
      if (kind === 'name') {
        const places = this.#places.get(text);
        if (places === undefined) this.#places.set(text, [index]);
        else places.push(index);
      } else if (kind === 'string' && (text === packageName || text.startsWith(`${packageName}/`))) strings.push(index);
      else if (kind === 'template' && text === packageName) this.texts.push(index);
    }
    for (const index of strings) this.#addString(index);
  }

  get isLoaded(): boolean {
    return this.loads.length > 0 || this.deepImports.length > 0 || this.#bound.size > 0;
  }

  /** A place where a bound name is used that was not returned before. */
  nextUse(): Binding | undefined {
    let next = this.#queue.pop();
    while (next !== undefined && (this.#declarations.has(next.index) || this.#isOtherName(next.index)))
      next = this.#queue.pop();
    return next;
  }

  /** Binds the names on the left of `=` if the expression is the whole right side. Returns whether that is a variable or a pattern. */
  bind({ start, end, path }: Range & { readonly path: readonly string[] }): boolean {
    if (this.#tokens.text(start - 1) !== '=' || !this.#endsExpression(end + 1)) return false;
    if (this.#tokens.text(start - 2) === '}') {
      const bindings = path.length > 0 ? undefined : patternBindings(this.#tokens, start - 2);
      for (const binding of bindings ?? []) this.#bindName(binding);
      return bindings !== undefined;
    }
    const index = assignedName(this.#tokens, start - 2);
    if (index !== undefined) this.#bindName({ index, path });
    else if (this.#tokens.isName(start - 2)) this.#bindProperty({ index: start - 2, path });
    return index !== undefined;
  }

  #addString(index: number): void {
    const text = this.#tokens.at(index)?.text ?? '';
    const loading = this.#loadingOf(index);
    if (loading === undefined) this.texts.push(index);
    else if (loading === 'type') return;
    else if (text !== this.#packageName) {
      this.deepImports.push({ index, path: text.slice(this.#packageName.length + 1) });
    } else if (loading === 'call') this.loads.push({ start: index - 2, end: index + 1 });
  }

  /** How the string is loaded: by a call, or by a declaration, whose names are bound at once; undefined if it is just a string. */
  #loadingOf(index: number): 'call' | 'declaration' | 'type' | undefined {
    const before = this.#tokens.text(index - 1);
    if (before === 'import') return 'declaration';
    if (before === 'from') return this.#readClause(index);
    const isCall = before === '(' && ['require', 'import'].includes(this.#tokens.text(index - 2));
    if (!isCall || this.#tokens.text(index + 1) !== ')' || this.#tokens.isDot(index - 3)) return undefined;
    return this.#tokens.text(index - 3) === 'typeof' ? 'type' : 'call';
  }

  /** The clause of an import or export from the string at `index`. */
  #readClause(index: number): 'type' | 'declaration' | undefined {
    let start = index - 2;
    const least = index - MAX_CLAUSE_TOKENS;
    while (start > least && !['import', 'export', ';', '('].includes(this.#tokens.text(start))) start--;
    const keyword = this.#tokens.text(start);
    if (keyword !== 'import' && keyword !== 'export') return undefined;
    for (let at = start; at < index; at++) this.#declarations.add(at);
    if (this.#tokens.text(start + 1) === 'type' && !['from', ','].includes(this.#tokens.text(start + 2))) return 'type';
    if (keyword === 'export') this.reexports.push(index);
    else if (this.#tokens.at(index)?.text === this.#packageName) {
      for (const binding of clauseBindings(this.#tokens, start + 1, index - 2)) this.#bindName(binding);
    }
    return 'declaration';
  }

  #bindName({ index, path }: Binding): void {
    this.#bind(index, path, (place) => !this.#tokens.isDot(place - 1));
  }

  /** `this.client.register` after `this.client = client`: the same property of the same object. */
  #bindProperty({ index, path }: Binding): void {
    const isNested = this.#tokens.isDot(index - 3);
    this.#bind(index, path, (place) => {
      if (!this.#tokens.isDot(place - 1) || this.#tokens.isDot(place - 3) !== isNested) return false;
      return this.#tokens.text(place - 2) === this.#tokens.text(index - 2);
    });
  }

  /** Queues the places of a name at which it may stand for the path. */
  #bind(index: number, path: readonly string[], isSame: (place: number) => boolean): void {
    const name = this.#tokens.text(index);
    const object = this.#tokens.isDot(index - 1) ? this.#tokens.text(index - 2) : '';
    const key = JSON.stringify([object, name, path]);
    this.#declarations.add(index);
    if (this.#bound.has(key)) return;
    this.#bound.add(key);
    for (const place of this.#places.get(name) ?? []) if (isSame(place)) this.#queue.push({ index: place, path });
  }

  /** Whether the name is that of a property, a parameter or another declaration here. */
  #isOtherName(index: number): boolean {
    const [before, after] = [this.#tokens.text(index - 1), this.#tokens.text(index + 1)];
    if (this.#tokens.isDot(index - 1)) return false;
    if (DECLARING.has(before) || MODIFIERS.has(before) || after === '=>') return true;
    if (after === ')') return before === '(' && this.#tokens.text(index + 2) === '=>';
    if (after === '(') return ['{', '}', ';', ',', '*'].includes(before) && this.#isMethod(index + 1);
    const isTyped = after === ':' || (after === '?' && this.#tokens.text(index + 2) === ':');
    return isTyped && ['{', ',', '(', ';'].includes(before);
  }

  /** Whether a body or a type follows the parentheses. */
  #isMethod(open: number): boolean {
    let depth = 0;
    for (let at = open; at < open + MAX_PARAMETER_TOKENS; at++) {
      if (this.#tokens.text(at) === '(') depth++;
      if (this.#tokens.text(at) === ')' && --depth === 0) return ['{', ':'].includes(this.#tokens.text(at + 1));
    }
    return false;
  }

  /** Whether an expression ends before this token, which may be the first one of the next line. */
  #endsExpression(index: number): boolean {
    const token = this.#tokens.at(index);
    return token?.kind !== 'punctuator' || [';', ',', ')', '}', '@'].includes(token.text);
  }
}
