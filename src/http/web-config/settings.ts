import type { YamlNode } from './yaml.ts';
import { YamlError } from './yaml-error.ts';

/** Reads a map of settings of known names, and remembers which were read. */
export class Settings {
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

  /** The keys that have a value. */
  get stated(): readonly string[] {
    return this.keys.filter((key) => this.node(key) !== undefined);
  }

  /** The settings below a key; empty where it is not there. */
  below(key: string, known: readonly string[]): Settings {
    return new Settings(this.node(key) ?? EMPTY, known);
  }

  /** What stands at the key, unless that is nothing. */
  node(key: string): YamlNode | undefined {
    const node = this.#entries.get(key);
    return node === undefined || node.value === null || node.value === '' ? undefined : node;
  }

  text(key: string): string | undefined {
    const node = this.node(key);
    if (node === undefined) return undefined;
    if (typeof node.value === 'string') return node.value;
    throw fault(node, `${key} is a text.`);
  }

  flag(key: string): boolean | undefined {
    const node = this.node(key);
    if (node === undefined || typeof node.value === 'boolean') return node?.value as boolean | undefined; // As checked.
    throw fault(node, `${key} is true or false.`);
  }

  count(key: string): number | undefined {
    const node = this.node(key);
    if (node === undefined) return undefined;
    const { value } = node;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
    throw fault(node, `${key} is a whole number, 0 or more.`);
  }

  texts(key: string): readonly string[] | undefined {
    const node = this.node(key);
    if (node === undefined) return undefined;
    if (!Array.isArray(node.value)) throw fault(node, `${key} is a list.`);
    return node.value.map((item: YamlNode) => {
      if (typeof item.value === 'string') return item.value;
      throw fault(item, `${key} is a list of texts.`);
    });
  }

  /** Throws a YamlError where `read` throws, with the place of the key. */
  parsed<T>(key: string, read: (text: string) => T): T | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    try {
      return read(text);
    } catch (error) {
      throw fault(this.node(key), `${key}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** An error at the place of a key. */
  fault(key: string, reason: string): YamlError {
    return fault(this.node(key), reason);
  }
}

const EMPTY: YamlNode = { value: new Map(), line: 1, column: 1 };

/** The entries of a map of texts. */
export function textEntries(node: YamlNode | undefined): [key: string, value: string, node: YamlNode][] {
  return [...mapOf(node ?? EMPTY)].map(([key, each]) => {
    if (typeof each.value === 'string') return [key, each.value, each];
    throw fault(each, `${key} is a text.`);
  });
}

export function fault(node: YamlNode | undefined, reason: string): YamlError {
  return new YamlError(reason, node?.line ?? 1, node?.column ?? 1);
}

function mapOf(node: YamlNode): ReadonlyMap<string, YamlNode> {
  if (node.value === null) return new Map();
  if (node.value instanceof Map) return node.value;
  throw fault(node, 'expected a map of settings.');
}
