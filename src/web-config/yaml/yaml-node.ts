/** Maximum depth of maps and lists within each other. */
export const MAX_DEPTH = 20;

/** A value and the place where it starts, for error messages. */
export interface YamlNode {
  readonly value: YamlValue;
  /** Whether it is text without quotes, which readers may also take for a number, a boolean or null. */
  readonly isPlain?: boolean;
  readonly line: number;
  readonly column: number;
}

/** Null for an empty value. Maps keep the order of their keys and have no prototype to pollute. */
export type YamlValue = null | string | readonly YamlNode[] | ReadonlyMap<string, YamlNode>;

/** Invalid or unsupported YAML, or a value that a setting must not have. */
export class YamlError extends Error {
  override readonly name = 'YamlError';

  /** `line` and `column` count from 1. */
  constructor(reason: string, line: number, column: number) {
    super(`line ${line}, column ${column}: ${reason}`);
  }
}

/** Creates an error at the place of a node. */
export function errorAt(node: YamlNode | undefined, reason: string): YamlError {
  return new YamlError(reason, node?.line ?? 1, node?.column ?? 1);
}
