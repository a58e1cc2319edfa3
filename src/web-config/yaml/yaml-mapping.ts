import { thrownText } from '../../model/thrown.ts';
import { errorAt, YamlError, type YamlNode } from './yaml-node.ts';

/** Reads a map of settings of known names, and remembers which were read. */
export class YamlMapping {
  readonly #entries: ReadonlyMap<string, YamlNode>;

  /** Throws a YamlError where the node is no map, or has a key that is not among `known`. */
  constructor(node: YamlNode, known: readonly string[]) {
    this.#entries = mapOf(node);
    for (const [key, { line }] of this.#entries) {
      if (known.includes(key)) continue;
      throw new YamlError(`there is no setting ${JSON.stringify(key)} here; there are ${known.join(', ')}.`, line, 1);
    }
  }

  get keys(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** The keys that have a value, an empty map or list too. */
  get stated(): readonly string[] {
    return this.keys.filter((key) => (this.node(key)?.value ?? '') !== '');
  }

  /** The settings below a key; empty where it is not there. */
  section(key: string, known: readonly string[]): YamlMapping {
    return new YamlMapping(this.node(key) ?? EMPTY, known);
  }

  /** What stands at the key, unless that is nothing. */
  node(key: string): YamlNode | undefined {
    const node = this.#entries.get(key);
    return node === undefined || isNull(node) ? undefined : node;
  }

  /** Undefined if it is empty too. */
  text(key: string): string | undefined {
    const node = this.node(key);
    return node && (textOf(node, key) || undefined);
  }

  flag(key: string): boolean | undefined {
    const node = this.node(key);
    if (node === undefined) return undefined;
    const word = plainTextOf(node);
    if (TRUE.test(word)) return true;
    if (FALSE.test(word)) return false;
    throw errorAt(node, `${key} is true or false.`);
  }

  count(key: string): number | undefined {
    const node = this.node(key);
    if (node === undefined) return undefined;
    const digits = plainTextOf(node);
    if (/^(0|[1-9]\d{0,14})$/.test(digits)) return Number(digits);
    throw errorAt(node, `${key} is a whole number, 0 or more.`);
  }

  texts(key: string): readonly string[] | undefined {
    const node = this.node(key);
    if (node === undefined) return undefined;
    if (!Array.isArray(node.value)) throw errorAt(node, `${key} is a list.`);
    return node.value.map((item: YamlNode) => {
      const text = textOf(item, `each item of ${key}`);
      if (text === '') throw errorAt(item, `no item of ${key} may be empty.`);
      return text;
    });
  }

  /** Throws a YamlError where `read` throws, with the place of the key. */
  parsed<T>(key: string, read: (text: string) => T): T | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    try {
      return read(text);
    } catch (error) {
      throw errorAt(this.node(key), `${key}: ${thrownText(error)}`);
    }
  }

  /** An error at the place of a key. */
  errorAt(key: string, reason: string): YamlError {
    return errorAt(this.node(key), reason);
  }
}

const EMPTY: YamlNode = { value: new Map(), line: 1, column: 1 };

/** The entries of a map of texts. */
export function textEntries(node: YamlNode | undefined): [key: string, value: string, node: YamlNode][] {
  return [...mapOf(node ?? EMPTY)].map(([key, each]) => [key, textOf(each, key), each]);
}

/** Booleans as exporter-toolkit takes them, which are those of YAML 1.1. */
const TRUE = /^(y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;

/** Whether nothing stands there, or a word that says so. */
export function isNull(node: YamlNode): boolean {
  return node.value === null || /^(~|null|Null|NULL)$/.test(plainTextOf(node));
}

/** A text without quotes; empty for anything else. */
function plainTextOf({ value, isPlain = false }: YamlNode): string {
  return isPlain && typeof value === 'string' ? value : '';
}

/** A scalar as it is written: numbers and the like are texts where a text is due. */
function textOf(node: YamlNode, what: string): string {
  if (isNull(node)) return '';
  if (typeof node.value === 'string') return node.value;
  throw errorAt(node, `${what} is a text.`);
}

function mapOf(node: YamlNode): ReadonlyMap<string, YamlNode> {
  if (isNull(node)) return new Map();
  if (node.value instanceof Map) return node.value;
  throw errorAt(node, 'expected a map of settings.');
}
