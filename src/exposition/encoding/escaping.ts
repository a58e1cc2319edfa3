import { isLegacyLabelName, isLegacyMetricName } from '../../model/naming.ts';

/**
 * How names that need UTF-8 support are shown to clients without it: the `escaping` parameter of content negotiation.
 */
export type Escaping = (typeof ESCAPINGS)[number];

const ESCAPINGS = ['allow-utf-8', 'underscores', 'dots', 'values'] as const;

/** The scheme for clients that ask for none. */
export const DEFAULT_ESCAPING: Escaping = 'underscores';

/** Returns the scheme of this name. */
export function escapingNamed(name: string | undefined): Escaping | undefined {
  return ESCAPINGS.find((escaping) => escaping === name);
}

/**
 * Escapes a name so that every server can read it (Prometheus: escaping schemes). `allow-utf-8` changes nothing,
 * `underscores` cannot be reversed, `dots` also changes underscores of valid names, and `values` keeps valid names.
 * Label names must not contain colons.
 *
 * @example
 * ```ts
 * import { escapeName } from 'zeroprom/exposition';
 *
 * console.log(escapeName('http.requests', 'underscores')); // http_requests
 * console.log(escapeName('http.requests', 'values')); // U__http_2e_requests
 * ```
 */
export function escapeName(name: string, escaping: Escaping, kind: 'metric' | 'label' = 'metric'): string {
  switch (escaping) {
    case 'allow-utf-8':
      return name;
    case 'underscores':
      return mapCharacters(name, kind, (character) => character, '_');
    case 'dots':
      return mapCharacters(name, kind, (character) => (character === '_' ? '__' : character), '__', '_dot_');
    case 'values':
      return isLegacy(name, kind) || name === ''
        ? name
        : `U__${[...name].map((character, index) => value(character, index, kind)).join('')}`;
  }
}

/**
 * Reverses {@link escapeName} as far as the scheme allows. Names that it cannot have returned are unchanged.
 *
 * @example
 * ```ts
 * import { unescapeName } from 'zeroprom/exposition';
 *
 * console.log(unescapeName('U__http_2e_requests', 'values')); // http.requests
 * ```
 */
export function unescapeName(name: string, escaping: Escaping): string {
  if (escaping === 'dots') return name.replaceAll('_dot_', '.').replaceAll('__', '_');
  if (escaping === 'values' && /^U__(?:[^_]|__|_[0-9a-fA-F]{1,6}_)*$/u.test(name)) return unescapeValues(name);
  return name;
}

function unescapeValues(name: string): string {
  let isCharacter = true;
  const unescaped = name.slice('U__'.length).replace(/__|_([0-9a-fA-F]{1,6})_/g, (_match, hex?: string) => {
    if (hex === undefined) return '_';
    const codePoint = Number.parseInt(hex, 16);
    isCharacter &&= codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint <= 0xdfff);
    return isCharacter ? String.fromCodePoint(codePoint) : '';
  });
  return isCharacter ? unescaped : name;
}

/** Maps code points. An unpaired surrogate is one invalid character. */
function mapCharacters(
  name: string,
  kind: 'metric' | 'label',
  legal: (character: string) => string,
  illegal: string,
  dot = illegal,
): string {
  return [...name]
    .map((character, index) => {
      if (isLegalAt(character, index, kind)) return legal(character);
      return character === '.' ? dot : illegal;
    })
    .join('');
}

function value(character: string, index: number, kind: 'metric' | 'label'): string {
  if (character === '_') return '__';
  if (isLegalAt(character, index, kind)) return character;
  return `_${(character.isWellFormed() ? character.codePointAt(0) : 0xfffd)?.toString(16)}_`;
}

function isLegalAt(character: string, index: number, kind: 'metric' | 'label'): boolean {
  return isLegacy(index === 0 ? character : `_${character}`, kind);
}

function isLegacy(name: string, kind: 'metric' | 'label'): boolean {
  return kind === 'metric' ? isLegacyMetricName(name) : isLegacyLabelName(name);
}
