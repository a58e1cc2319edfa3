import type { ParseError } from './parse-error.ts';

/**
 * Which documents are valid. `strict` accepts what the specification of the format allows, including its semantic
 * rules. `prometheus` accepts what Prometheus accepts in a scrape, which is sometimes more and sometimes less.
 */
export type ParseMode = 'strict' | 'prometheus';

/** Limits of a document, so that its author cannot decide how much memory parsing takes. */
export interface ParseLimits {
  /**
   * Maximum size of the document in bytes, or in UTF-16 units if it is a string. Parsing takes at most 80 bytes of heap
   * for each, typically 2 to 5.
   *
   * @defaultValue 256 MiB
   */
  readonly maxSize?: number | undefined;
  /**
   * Maximum length of a line in bytes.
   *
   * @defaultValue 4 MiB
   */
  readonly maxLineLength?: number | undefined;
  /**
   * Maximum length of a metric or label name in bytes (UTF-16 units if it is quoted).
   *
   * @defaultValue 16,384
   */
  readonly maxNameLength?: number | undefined;
  /**
   * Maximum number of labels of a sample.
   *
   * @defaultValue 4,096
   */
  readonly maxLabels?: number | undefined;
  /**
   * Maximum number of errors that are reported to `onError`. The rest of the document is not read.
   *
   * @defaultValue 1,000
   */
  readonly maxErrors?: number | undefined;
}

/** Options of all parsers. */
export interface ParseOptions extends ParseLimits {
  /**
   * Which documents are valid.
   *
   * @defaultValue `'strict'`
   */
  readonly mode?: ParseMode | undefined;
  /**
   * Called for each error. Parsing continues at the next line, and the result has everything that could be read.
   *
   * @defaultValue throws the first error
   */
  readonly onError?: ((error: ParseError) => void) | undefined;
}

/** Options with their defaults. */
export interface ParseSettings {
  readonly strict: boolean;
  readonly report: (error: ParseError) => void;
  /** Whether the maximum number of errors has been reported. */
  readonly hasEnough: () => boolean;
  readonly maxSize: number;
  readonly maxLineLength: number;
  readonly maxNameLength: number;
  readonly maxLabels: number;
  /** Called regularly within long messages of protobuf. An error that it throws ends parsing. */
  readonly poll?: (() => void) | undefined;
}

export function parseSettings(options: ParseOptions = {}): ParseSettings {
  const {
    mode = 'strict',
    onError = (error) => {
      throw error;
    },
  } = options;
  if (mode !== 'strict' && mode !== 'prometheus') {
    throw new RangeError(`mode must be 'strict' or 'prometheus', got ${JSON.stringify(mode)}.`);
  }
  let errorsLeft = options.maxErrors ?? 1000;
  return {
    strict: mode === 'strict',
    report: (error) => {
      errorsLeft--;
      onError(error);
    },
    hasEnough: () => errorsLeft <= 0,
    maxSize: options.maxSize ?? 256 * 1024 * 1024,
    maxLineLength: options.maxLineLength ?? 4 * 1024 * 1024,
    maxNameLength: options.maxNameLength ?? 16_384,
    maxLabels: options.maxLabels ?? 4096,
  };
}
