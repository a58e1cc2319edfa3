import type { TokenList } from './token-list.ts';

/** A name in a source, and the path of the API that it stands for; empty for the module itself. */
export interface Binding {
  readonly index: number;
  readonly path: readonly string[];
}

/** Maximum number of tokens of a type annotation to read. */
const MAX_TYPE_TOKENS = 12;
const DECLARING = ['const', 'let', 'var'];

/** The names of a clause between `import` and `from`: `client, { Counter, Gauge as G, type Metric }`, `* as client`. */
export function clauseBindings(tokens: TokenList, from: number, end: number): Binding[] {
  for (let at = from; at <= end; at++) {
    if (tokens.text(at) === '{') return [...bindingsBefore(at), ...specifiers(tokens, at + 1)];
  }
  return bindingsBefore(end + 1);

  function bindingsBefore(stop: number): Binding[] {
    const names: Binding[] = [];
    for (let at = from; at < stop; at++)
      if (tokens.isName(at) && tokens.text(at) !== 'as') names.push({ index: at, path: [] });
    return names;
  }
}

function specifiers(tokens: TokenList, from: number): Binding[] {
  const names: Binding[] = [];
  for (let at = from; tokens.at(at) !== undefined && tokens.text(at) !== '}'; at++) {
    if (tokens.text(at) === ',') continue;
    const isType = tokens.text(at) === 'type' && ![',', '}', 'as'].includes(tokens.text(at + 1));
    const imported = tokens.at(isType ? at + 1 : at)?.text ?? '';
    while (![',', '}', ''].includes(tokens.text(at + 1))) at++;
    if (!isType) names.push({ index: at, path: pathOf(imported) });
  }
  return names;
}

/** The names of `{ Counter, register: metrics = other }`, by its last token; undefined if it has patterns or `...rest` in it. */
export function patternBindings(tokens: TokenList, end: number): Binding[] | undefined {
  let start = end - 1;
  while (start >= 0 && !['{', '}', '...'].includes(tokens.text(start))) start--;
  if (tokens.text(start) !== '{') return undefined;
  const names: Binding[] = [];
  for (let at = start + 1; at < end; at++) {
    if (tokens.text(at) === ',') continue;
    const index = tokens.text(at + 1) === ':' ? at + 2 : at;
    names.push({ index, path: pathOf(tokens.at(at)?.text ?? '') });
    while (at < end && tokens.text(at) !== ',') at++;
  }
  return names;
}

/** The place of the name on the left of `=`, by the token before it: `name` of `const name =` and of `const name: Type =`. */
export function assignedName(tokens: TokenList, end: number): number | undefined {
  for (let at = end; at > end - MAX_TYPE_TOKENS && ![';', '{', '}', '='].includes(tokens.text(at)); at--) {
    if (DECLARING.includes(tokens.text(at)) && tokens.text(at + 2) === ':') return at + 1;
  }
  return tokens.isName(end) && !tokens.isDot(end - 1) ? end : undefined;
}

/** CommonJS modules have themselves as their default export. */
function pathOf(name: string): string[] {
  return name === 'default' ? [] : [name];
}
