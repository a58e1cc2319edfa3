/** In what the line-based formats differ from each other, and servers from the documents, between name and value. */
export interface Grammar {
  /** Blanks and tabs may stand around every token. */
  readonly blanks: boolean;
  /** `{a="1",}` */
  readonly trailingComma: boolean;
  /** `{a="1" b="2"}` */
  readonly missingComma: boolean;
  /** `{a="1","name"}`: the quoted metric name need not come first. */
  readonly nameAnywhere: boolean;
  /** A line feed may stand, unescaped, in a quoted name. */
  readonly lineFeedInName: boolean;
  /** And in a label value. */
  readonly lineFeedInValue: boolean;
  /** A backslash before another character than n, " and \ is a backslash; otherwise an error. */
  readonly anyEscape: boolean;
  /** NUL may stand in a quoted name. */
  readonly nulInName: boolean;
  /** And in a label value. */
  readonly nulInValue: boolean;
  /** A quoted label name may be bytes that are not UTF-8. */
  readonly bytesInName: boolean;
  /** Metadata may be of a quoted name that is empty or not UTF-8, which no sample can have. */
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

/** The ABNF of OpenMetrics 1.0 and 2.0; quoted names in 1.0 as Prometheus has them. */
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

/** And in the exemplars there. */
export const serverExemplars: Grammar = { ...serverOpenMetrics, nulInValue: false, bytesInName: true };

/** The grammar of the Prometheus parser for version 2.0, exemplars included. */
export const serverOpenMetrics2: Grammar = { ...serverOpenMetrics, nameAnywhere: false, anyMetadataName: false };
