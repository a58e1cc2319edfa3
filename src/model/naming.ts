import { kindOf } from './printable.ts';

/** Returns whether every version of every format can write a metric name without quotes: `[a-zA-Z_:][a-zA-Z0-9_:]*`. */
export function isLegacyMetricName(name: string): boolean {
  return isLegacyName(name, true);
}

/** Returns whether every version of every format can write a label name without quotes: `[a-zA-Z_][a-zA-Z0-9_]*`. */
export function isLegacyLabelName(name: string): boolean {
  return isLegacyName(name, false);
}

/**
 * Validates the name of a metric, which may be any non-empty text that UTF-8 can hold.
 *
 * @throws {TypeError} if `name` is not a string.
 * @throws {RangeError} if `name` is empty or contains an unpaired surrogate.
 */
export function checkMetricName(name: unknown): asserts name is string {
  if (typeof name !== 'string') throw new TypeError(`A metric name must be a string, got ${kindOf(name)}.`);
  if (isUtf8Name(name)) return;
  throw new RangeError(
    `Invalid metric name ${JSON.stringify(name)}: it must not be empty or contain an unpaired surrogate.`,
  );
}

/**
 * Validates the name of a label. Names that start with `__` are reserved for the server.
 *
 * @throws {TypeError} if `name` is not a string.
 * @throws {RangeError} if `name` is empty, contains an unpaired surrogate or starts with `__`.
 */
export function checkLabelName(name: unknown, metricName: string): asserts name is string {
  if (typeof name !== 'string') {
    throw new TypeError(`${metricName}: a label name must be a string, got ${kindOf(name)}.`);
  }
  if (name.startsWith('__')) {
    throw new RangeError(`${metricName}: label name ${JSON.stringify(name)} starts with __, which is reserved.`);
  }
  if (isUtf8Name(name)) return;
  throw new RangeError(
    `${metricName}: invalid label name ${JSON.stringify(name)}: it must not be empty or contain an unpaired surrogate.`,
  );
}

function isUtf8Name(name: string): boolean {
  return name.length > 0 && name.isWellFormed();
}

function isLegacyName(name: string, colon: boolean): boolean {
  if (name.length === 0) return false;
  for (let index = 0; index < name.length; index++) {
    if (!isNameCharacter(name.charCodeAt(index), index > 0, colon)) return false;
  }
  return true;
}

function isNameCharacter(code: number, digit: boolean, colon: boolean): boolean {
  if (code >= 0x61 && code <= 0x7a) return true;
  if (code >= 0x41 && code <= 0x5a) return true;
  if (code === 0x5f) return true;
  if (code >= 0x30 && code <= 0x39) return digit;
  return colon && code === 0x3a;
}
