/** Series that a server should store for a family. */
export type Scheme = 'allow-utf-8' | 'underscores' | 'dots' | 'values';

/** Properties of the server's version. */
export type Server = 'before 3.0' | 'before 3.8' | 'since 3.8';

/** How a job scrapes. */
export interface View {
  readonly protocol: 'text' | 'openmetrics' | 'openmetrics2' | 'protobuf';
  readonly scheme: Scheme;
  /** Whether native histograms are stored as such. */
  readonly hasNative?: boolean;
  /** Whether classic histograms are converted to native ones with custom buckets. */
  readonly isConverted?: boolean;
  /** Whether classic series are stored beside either. */
  readonly keepsClassic?: boolean;
  readonly server?: Server;
}

export type Labels = Readonly<Record<string, string>>;

/** A series and its last value. Native histograms are texts. */
export type ExpectedSample = readonly [name: string, labels: Labels, value: number | string];

export type ExpectedExemplar = readonly [name: string, labels: Labels, traceId: string, value: number];

export interface ExpectedFamily {
  /** The name that metadata is stored under. */
  readonly name: string;
  readonly type: string;
  readonly unit: string;
  readonly help: string;
  /** Whether its samples have a start time. */
  readonly hasStart: boolean;
  readonly samples: readonly ExpectedSample[];
  readonly exemplars: readonly ExpectedExemplar[];
}

export const family = (
  name: string,
  type: string,
  help: string,
  samples: readonly ExpectedSample[],
  more: Partial<ExpectedFamily> = {},
): ExpectedFamily => ({ name, type, unit: '', help, samples, hasStart: false, exemplars: [], ...more });
