/** What a label value may be given as; numbers and booleans become their text, so `200` and `'200'` are one series. */
export type LabelInput = string | number | boolean;

/** Labels by name, as callers and plain families give them. */
export interface Labels {
  readonly [name: string]: LabelInput;
}

/** A run of bytes that never changes, cut out of a shared chunk by the encoder that made it. */
export interface Fragment {
  readonly bytes: Uint8Array;
  /** The same memory as `bytes`. */
  readonly view: DataView;
  readonly start: number;
  readonly length: number;
  /** Where it holds a label, the label's name; otherwise empty. */
  readonly label: string;
}

/** A distinct value of a label and its encoded forms, which encoders fill in at first use. */
export class LabelValue {
  readonly text: string;
  /** As the text formats write it, with the label's name. */
  line: Fragment | undefined = undefined;
  /** As protobuf writes it, with the label's name. */
  message: Fragment | undefined = undefined;

  constructor(text: string) {
    this.text = text;
  }
}

/** Label names and, at the same index, their values. Names that are the same array are the same names. */
export interface LabelSet {
  readonly names: readonly string[];
  readonly values: readonly LabelValue[];
}

export const NO_LABELS: LabelSet = { names: [], values: [] };
