/** What is wrong with a line and how to fix it. */
export interface LineFinding {
  readonly line: number;
  readonly family: string;
  readonly message: string;
  readonly hint: string;
}

/** What is asked of lines, and can no longer be seen in families. */
export const lineRules = ['metric-group', 'metadata-first', 'bucket-label', 'quantile-label'] as const;

/** Rules of the linter for families that say more of lines, where there are any. */
export const rulesOfLines = [
  'duplicate-metric',
  'bucket-order',
  'bucket-counts',
  'inf-bucket',
  'quantile-order',
] as const;

export type LineRule = (typeof lineRules)[number] | (typeof rulesOfLines)[number];

/** Called for each finding, of which there may be millions: `describe` is only called for those that are shown. */
export type ReportFinding = (rule: LineRule, describe: () => LineFinding) => void;
