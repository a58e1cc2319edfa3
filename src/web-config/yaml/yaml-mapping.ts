import { thrownText } from '../../model/thrown.ts';
import { errorAt, YamlError, type YamlNode } from './yaml-node.ts';

/** A YAML map of settings with known names. */
export class YamlMapping {
  readonly #entries: ReadonlyMap<string, YamlNode>;
  readonly #path: string;

  /**
   * @param path is put before keys in messages.
   * @throws {YamlError} if the node is not a map, or has a key that is not in `known`.
   */
  constructor(node: YamlNode, known: readonly string[], path = '') {
    this.#entries = mapOf(node);
    this.#path = path;
    for (const [key, { line }] of this.#entries) {
      if (known.includes(key)) continue;
      throw new YamlError(`unknown setting ${JSON.stringify(key)}; must be one of ${known.join(', ')}.`, line, 1);
    }
  }

  /** All keys, including those without a value. */
  get keys(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Keys that have a value, including empty maps and lists. */
  get stated(): readonly string[] {
    return this.keys.filter((key) => (this.node(key)?.value ?? '') !== '');
  }

  /** Returns the map at a key; empty if the key is missing. */
  section(key: string, known: readonly string[]): YamlMapping {
    return new YamlMapping(this.node(key) ?? EMPTY, known);
  }

  /** Returns the node at a key, unless its value is null. */
  node(key: string): YamlNode | undefined {
    const node = this.#entries.get(key);
    return node === undefined || isNull(node) ? undefined : node;
  }

  /** Returns a text; undefined if it is missing or empty. */
  text(key: string): string | undefined {
    const node = this.node(key);
    return node && (scalarText(node, this.#path + key) || undefined);
  }

  /** Returns a boolean; undefined if it is missing. */
  flag(key: string): boolean | undefined {
    const node = this.node(key);
    if (node === undefined) return undefined;
    const word = plainTextOf(node);
    if (TRUE.test(word)) return true;
    if (FALSE.test(word)) return false;
    throw errorAt(node, `${this.#path}${key} must be true or false.`);
  }

  /** Returns a whole number; undefined if it is missing. */
  count(key: string): number | undefined {
    const node = this.node(key);
    if (node === undefined) return undefined;
    const digits = plainTextOf(node);
    if (/^(0|[1-9]\d{0,14})$/.test(digits)) return Number(digits);
    throw errorAt(node, `${this.#path}${key} must be a whole number of at least 0.`);
  }

  /** Returns a list of texts; undefined if it is missing. */
  texts(key: string): readonly string[] | undefined {
    const node = this.node(key);
    if (node === undefined) return undefined;
    if (!Array.isArray(node.value)) throw errorAt(node, `${this.#path}${key} must be a list.`);
    return node.value.map((item: YamlNode) => {
      const text = scalarText(item, `each item of ${this.#path}${key}`);
      if (text === '') throw errorAt(item, `the items of ${this.#path}${key} must not be empty.`);
      return text;
    });
  }

  /**
   * Returns the value that `read` returns for a text. Errors that it throws become a YamlError with the place of the
   * key.
   */
  parsed<T>(key: string, read: (text: string) => T): T | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    try {
      return read(text);
    } catch (error) {
      throw errorAt(this.node(key), `${key}: ${thrownText(error)}`);
    }
  }

  /** Creates an error at the place of a key. */
  errorAt(key: string, reason: string): YamlError {
    return errorAt(this.node(key), reason);
  }
}

const EMPTY: YamlNode = { value: new Map(), line: 1, column: 1 };

/** Returns the entries of a map whose values are texts. */
export function textEntries(node: YamlNode | undefined): [key: string, value: string, node: YamlNode][] {
  return [...mapOf(node ?? EMPTY)].map(([key, each]) => [key, scalarText(each, key), each]);
}

/** Booleans of YAML 1.1, which exporter-toolkit accepts. */
const TRUE = /^(y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;

/** Whether a node has no value, or one of the words for null. */
export function isNull(node: YamlNode): boolean {
  return node.value === null || /^(~|null|Null|NULL)$/.test(plainTextOf(node));
}

/** Returns a text that is not quoted; empty for anything else. */
function plainTextOf({ value, isPlain = false }: YamlNode): string {
  return isPlain && typeof value === 'string' ? value : '';
}

/** Returns a scalar as it is written: where a text is expected, numbers and booleans are texts. */
function scalarText(node: YamlNode, what: string): string {
  if (isNull(node)) return '';
  if (typeof node.value === 'string') return node.value;
  throw errorAt(node, `${what} must be a text.`);
}

function mapOf(node: YamlNode): ReadonlyMap<string, YamlNode> {
  if (isNull(node)) return new Map();
  if (node.value instanceof Map) return node.value;
  throw errorAt(node, 'must be a map of settings.');
}
