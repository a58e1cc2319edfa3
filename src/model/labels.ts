/** What a label value may be given as; numbers and booleans become their text, so `200` and `'200'` are one series. */
export type LabelInput = string | number | boolean;

/** Labels by name, as callers and plain families give them. */
export interface Labels {
  readonly [name: string]: LabelInput;
}
