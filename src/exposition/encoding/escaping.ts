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
      return name.replace(ILLEGAL[kind], '_');
    case 'dots':
      return name.replace(ILLEGAL_OR_UNDERSCORE[kind], (character) => (character === '.' ? '_dot_' : '__'));
    case 'values':
      return isLegacy(name, kind) || name === ''
        ? name
        : `${PREFIX}${name.replace(ILLEGAL_OR_UNDERSCORE[kind], escapedCharacter)}`;
  }
}

// Names may be long: patterns match one code point, so that their stack does not grow. An unpaired surrogate is one.
const ILLEGAL = { metric: /^[0-9]|[^a-zA-Z0-9_:]/gu, label: /^[0-9]|[^a-zA-Z0-9_]/gu };
const ILLEGAL_OR_UNDERSCORE = { metric: /^[0-9]|[^a-zA-Z0-9:]/gu, label: /^[0-9]|[^a-zA-Z0-9]/gu };

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
  if (escaping === 'values' && name.startsWith(PREFIX) && isEscaped(name)) return unescapeValues(name);
  return name;
}

const PREFIX = 'U__';
const HEX = /^[0-9a-fA-F]{1,6}$/;

/** Whether each underscore after the prefix belongs to `__` or `_HEX_`. */
function isEscaped(name: string): boolean {
  for (let start = name.indexOf('_', PREFIX.length); start !== -1; ) {
    const end = name.indexOf('_', start + 1);
    if (end === -1) return false;
    if (end !== start + 1 && !HEX.test(name.slice(start + 1, Math.min(end, start + 8)))) return false;
    start = name.indexOf('_', end + 1);
  }
  return true;
}

function unescapeValues(name: string): string {
  let isCharacter = true;
  const unescaped = name.slice(PREFIX.length).replace(/__|_([0-9a-fA-F]{1,6})_/g, (_match, hex?: string) => {
    if (hex === undefined) return '_';
    const codePoint = Number.parseInt(hex, 16);
    isCharacter &&= codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint <= 0xdfff);
    return isCharacter ? String.fromCodePoint(codePoint) : '';
  });
  return isCharacter ? unescaped : name;
}

function escapedCharacter(character: string): string {
  if (character === '_') return '__';
  return `_${(character.isWellFormed() ? character.codePointAt(0) : 0xfffd)?.toString(16)}_`;
}

function isLegacy(name: string, kind: 'metric' | 'label'): boolean {
  return kind === 'metric' ? isLegacyMetricName(name) : isLegacyLabelName(name);
}
