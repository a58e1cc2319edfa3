/** Differences between the line-based formats, and between servers and the specifications, from the name to the value. */
export interface Grammar {
  /** Blanks and tabs are allowed around every token. */
  readonly blanks: boolean;
  /** `{a="1",}` */
  readonly trailingComma: boolean;
  /** `{a="1" b="2"}` */
  readonly missingComma: boolean;
  /** `{a="1","name"}`: the quoted metric name need not come first. */
  readonly nameAnywhere: boolean;
  /** Unescaped line feeds are allowed in a quoted name. */
  readonly lineFeedInName: boolean;
  /** The same in a label value. */
  readonly lineFeedInValue: boolean;
  /** A backslash before another character than n, " and \ is a backslash; otherwise an error. */
  readonly anyEscape: boolean;
  /** NUL is allowed in a quoted name. */
  readonly nulInName: boolean;
  /** The same in a label value. */
  readonly nulInValue: boolean;
  /** Invalid UTF-8 is allowed in a quoted label name. */
  readonly bytesInName: boolean;
  /** Metadata may have a quoted name that is empty or invalid UTF-8, which samples cannot have. */
  readonly anyMetadataName: boolean;
  /** Numbers beyond the range of a double are infinite; otherwise an error. */
  readonly unbounded: boolean;
}

/** Prometheus exposition formats, text format 0.0.4 and 1.0.0. */
export const strictText: Grammar = {
  blanks: true,
  trailingComma: true,
  missingComma: false,
  nameAnywhere: true,
  lineFeedInName: false,
  lineFeedInValue: false,
  anyEscape: false,
  nulInName: true,
  nulInValue: true,
  bytesInName: false,
  anyMetadataName: false,
  unbounded: false,
};

/** The grammar of the Prometheus parser for `text/plain`. */
export const serverText: Grammar = {
  ...strictText,
  missingComma: true,
  lineFeedInName: true,
  lineFeedInValue: true,
  anyEscape: true,
  nulInName: false,
  anyMetadataName: true,
};

/** The ABNF of OpenMetrics 1.0 and 2.0, with the quoted names of Prometheus in 1.0. */
export const strictOpenMetrics: Grammar = {
  blanks: false,
  trailingComma: false,
  missingComma: false,
  nameAnywhere: false,
  lineFeedInName: false,
  lineFeedInValue: false,
  anyEscape: true,
  nulInName: true,
  nulInValue: true,
  bytesInName: false,
  anyMetadataName: false,
  unbounded: true,
};

/** The grammar of the Prometheus parser for `application/openmetrics-text` of version 1.0. */
export const serverOpenMetrics: Grammar = {
  ...strictOpenMetrics,
  trailingComma: true,
  nameAnywhere: true,
  lineFeedInName: true,
  nulInName: false,
  anyMetadataName: true,
  unbounded: false,
};

/** The grammar of exemplars in that version. */
export const serverExemplars: Grammar = { ...serverOpenMetrics, nulInValue: false, bytesInName: true };

/** The grammar of the Prometheus parser for version 2.0, exemplars included. */
export const serverOpenMetrics2: Grammar = { ...serverOpenMetrics, nameAnywhere: false, anyMetadataName: false };
