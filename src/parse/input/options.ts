import type { ParseError } from './parse-error.ts';

/**
 * `strict` takes what the document that defines the format allows, rules of meaning included. `prometheus` takes what
 * a Prometheus server takes when it scrapes, which is more in places and less in others.
 */
export type ParseMode = 'strict' | 'prometheus';

/** Limits of a document, so that its author cannot decide how much memory parsing takes. */
export interface ParseLimits {
  /**
   * Bytes, or UTF-16 units of strings, of the whole document. Reading takes at most 80 bytes of heap for each, typically
   * 2 to 5. Default 256 MiB.
   */
  readonly maxSize?: number | undefined;
  /** Bytes of a line. Default 4 MiB. */
  readonly maxLineLength?: number | undefined;
  /** Bytes of a metric's or label's name (UTF-16 units if it is quoted). Default 16,384. */
  readonly maxNameLength?: number | undefined;
  /** Labels of a sample. Default 4,096. */
  readonly maxLabels?: number | undefined;
  /** Errors that `onError` is called with before the rest of the document is left unread. Default 1,000. */
  readonly maxErrors?: number | undefined;
}

export interface ParseOptions extends ParseLimits {
  /** Default `strict`. */
  readonly mode?: ParseMode | undefined;
  /**
   * Called for each error; reading goes on at the next line. Without it the first error is thrown. After an error
   * the result holds what could be read.
   */
  readonly onError?: ((error: ParseError) => void) | undefined;
}

/** The options with their defaults filled in. */
export interface ParseSettings {
  readonly strict: boolean;
  readonly report: (error: ParseError) => void;
  /** Whether as many errors as may be have been reported. */
  readonly hasEnough: () => boolean;
  readonly maxSize: number;
  readonly maxLineLength: number;
  readonly maxNameLength: number;
  readonly maxLabels: number;
  /** Called now and then within long messages of protobuf; what it throws ends reading. */
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
    throw new RangeError(`There is no mode ${JSON.stringify(mode)}: use 'strict' or 'prometheus'.`);
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
