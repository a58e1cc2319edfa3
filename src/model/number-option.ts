/** An optional number among a metric's options. */
export interface NumberOption {
  /** As messages call it, with the metric: `http_duration_seconds: native.schema`. */
  readonly name: string;
  readonly byDefault: number;
  readonly isAllowed: (value: number) => boolean;
  /** What is allowed, in words: `above 1`. */
  readonly rule: string;
}

/** The value, or the default where it is undefined. A TypeError for what is no number, a RangeError for one not allowed. */
export function numberOption(value: unknown, { name, byDefault, isAllowed, rule }: NumberOption): number {
  if (value === undefined) return byDefault;
  if (typeof value !== 'number')
    throw new TypeError(`${name} is a number, not ${value === null ? 'null' : typeof value}.`);
  if (!isAllowed(value)) throw new RangeError(`${name} is ${rule}, not ${value}.`);
  return value;
}
