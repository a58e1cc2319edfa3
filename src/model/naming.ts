/** `[a-zA-Z_:][a-zA-Z0-9_:]*`, the metric names that every version of every format can write bare. */
export function isLegacyMetricName(name: string): boolean {
  return isLegacyName(name, true);
}

/** `[a-zA-Z_][a-zA-Z0-9_]*`: as a metric name, but without the colon. */
export function isLegacyLabelName(name: string): boolean {
  return isLegacyName(name, false);
}

/** Throws where `name` cannot be a metric's name: any text that UTF-8 can hold will do, but an empty one. */
export function checkMetricName(name: string): void {
  if (typeof name !== 'string') throw new TypeError(`A metric's name is a string, not ${typeof name}.`);
  if (!isUtf8Name(name)) {
    throw new RangeError(`${JSON.stringify(name)} is no metric name: it is empty, or has half of a surrogate pair.`);
  }
}

/** Throws where `name` cannot be a label of the metric. Names that begin with `__` belong to the server. */
export function checkLabelName(name: string, metricName: string): void {
  if (typeof name !== 'string') throw new TypeError(`${metricName}: a label's name is a string, not ${typeof name}.`);
  if (name.startsWith('__')) {
    throw new RangeError(`${metricName}: label name ${JSON.stringify(name)} begins with __, which is reserved.`);
  }
  if (!isUtf8Name(name)) {
    throw new RangeError(
      `${metricName}: ${JSON.stringify(name)} is no label name: it is empty, or has half of a surrogate pair.`,
    );
  }
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
