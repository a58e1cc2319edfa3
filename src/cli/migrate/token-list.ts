import type { Token } from './tokens.ts';

/** Tokens by index. Any index is allowed, also one outside the list. */
export class TokenList {
  readonly all: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.all = tokens;
  }

  at(index: number): Token | undefined {
    return this.all[index];
  }

  /** The text of a token that is not a literal with a text of its own; otherwise empty. */
  text(index: number): string {
    const token = this.all[index];
    return token?.kind === 'name' || token?.kind === 'punctuator' || token?.kind === 'number' ? token.text : '';
  }

  isName(index: number): boolean {
    return this.all[index]?.kind === 'name';
  }

  isDot(index: number): boolean {
    return this.text(index) === '.' || this.text(index) === '?.';
  }
}
