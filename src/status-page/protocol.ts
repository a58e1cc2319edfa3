/**
 * Messages between the status page and its server. `?events` sends {@link FullMessage} as the event `all` and then
 * {@link ChangesMessage} as the event `changes`. `?snapshot` answers with a {@link FullMessage}, `?history` with a
 * {@link HistoryMessage}; detail-protocol.ts has the answers to `?family=NAME&offset=0` and `?cardinality`. All of them take
 * `worker=each` or `worker=NUMBER`, which chooses the workers whose metrics are shown. Times are in milliseconds since the epoch. Every text comes from outside: never use it as HTML.
 */

import type { MetricType } from '../model/family.ts';

/** A number that JSON may be unable to represent. */
export type Value = number | 'NaN' | '+Inf' | '-Inf';

/** Names and values of labels. Not an object, because a label may have the name `__proto__`. */
export type LabelList = readonly (readonly [name: string, value: string])[];

/** All that the page shows, except for history. */
export interface FullMessage {
  /** Identifies the running server: ids of families are valid only with the same one. */
  readonly session: string;
  /** When the values were sampled. */
  readonly time: number;
  readonly about: About;
  readonly health: Health;
  /** Undefined if the values of the process are unknown. */
  readonly process?: ProcessState | undefined;
  /** Undefined if the metrics are those of one process. */
  readonly workers?: Workers | undefined;
  /** Sorted by name. */
  readonly families: readonly Family[];
  /** Number of families that are not shown, because there are too many. */
  readonly omittedFamilies: number;
  /** Worst first. */
  readonly collectors: readonly CollectorState[];
  /** Tasks of the scheduler, those with failures first; undefined without a scheduler. */
  readonly tasks?: readonly TaskState[] | undefined;
  /** Latest scrapes, newest first; undefined if the server does not record them. */
  readonly scrapes?: readonly ScrapeRecord[] | undefined;
  /** Flags and formats of the server; undefined if the metrics are those of another program. */
  readonly configuration?: readonly Setting[] | undefined;
  readonly cost: PageCost;
}

/**
 * Changes since the message before. A missing part did not change. A family without an entry in `values` has the same
 * values as before, so its lines continue with them.
 */
export interface ChangesMessage {
  readonly time: number;
  readonly health?: Health;
  readonly process?: ProcessState;
  readonly workers?: Workers;
  /** New values by the id of the family. */
  readonly values: Readonly<Record<number, FamilyValues>>;
  /** Families that are new or have another description. */
  readonly families?: readonly Family[];
  /** Ids of families that have disappeared. */
  readonly removed?: readonly number[];
  readonly omittedFamilies?: number;
  readonly collectors?: readonly CollectorState[];
  readonly tasks?: readonly TaskState[];
  /** The latest scrapes, all of them: latest first. */
  readonly scrapes?: readonly ScrapeRecord[];
  readonly cost: PageCost;
}

/** Properties that stay the same while the process runs. */
export interface About {
  readonly name: string;
  readonly description: string;
  /** Undefined if it is unknown. */
  readonly version?: string | undefined;
  /** Version of Node.js, such as `v20.19.4`; undefined if the metrics are those of another process. */
  readonly node?: string | undefined;
  readonly pid?: number | undefined;
  /** When the process started. */
  readonly startedAt?: number | undefined;
  /** Links to other pages of the server, relative to the page. */
  readonly links: readonly { readonly path: string; readonly text: string }[];
  /** Whether `POST ?run=TASK` is allowed. */
  readonly canRunTasks: boolean;
  /** URL of a trace, with names of exemplar labels in braces: `https://traces.example.com/trace/{trace_id}`. */
  readonly traceUrl?: string | undefined;
  /** Time between two samples at least. */
  readonly intervalMs: number;
  /** Length of the history. */
  readonly historyMs: number;
  /** Whether history is kept while no page is open, too. */
  readonly isHistoryKept: boolean;
  /** Limits of what the page can know, as sentences; for example in a scrape thread. */
  readonly notes: readonly string[];
}

export interface Health {
  readonly state: 'healthy' | 'not-ready' | 'unhealthy' | 'failing';
  /** Sentences without a period. Empty if the state is `healthy`. */
  readonly reasons: readonly string[];
}

/** Several processes or threads with the same metrics. */
export interface Workers {
  /** Whose metrics are shown: `all` merged, `each` with a label, or those with this value of the label. */
  readonly shown: 'all' | 'each' | (string & {});
  /** Whether others can be chosen. */
  readonly canChoose: boolean;
  /** Name of the label that distinguishes them. */
  readonly label: string;
  /** In the order in which they joined. */
  readonly list: readonly WorkerState[];
}

export interface WorkerState {
  /** Value of the label. */
  readonly worker: string;
  /** Whether it has answered; otherwise its last values are shown. */
  readonly isUp: boolean;
  /** Age of its values in whole seconds. */
  readonly ageSeconds: number;
}

/** The process since the message before. A member is missing if it is unknown. */
export interface ProcessState {
  /** Fraction of one CPU. */
  readonly cpu?: number | undefined;
  readonly residentBytes?: number | undefined;
  readonly heapUsedBytes?: number | undefined;
  readonly heapLimitBytes?: number | undefined;
  /** Delay of the event loop in seconds. */
  readonly loopDelayP50?: number | undefined;
  readonly loopDelayP99?: number | undefined;
  readonly loopDelayMax?: number | undefined;
  /** Fraction of the time that the event loop was busy. */
  readonly loopUtilization?: number | undefined;
  readonly gcPauses?: readonly GcPause[] | undefined;
  readonly requestsInFlight?: number | undefined;
}

export interface GcPause {
  readonly time: number;
  readonly ms: number;
  readonly kind: 'minor' | 'major' | 'incremental' | 'weakcb';
}

/** A metric family with its latest values. */
export interface Family {
  /** Stays the same while the session lasts. */
  readonly id: number;
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly unit?: string | undefined;
  /** How the values of several series become one value. */
  readonly aggregate: 'sum' | 'mean' | 'max';
  /** Names of labels. */
  readonly labels: readonly string[];
  /** Inclusive upper bounds of `buckets`; the last bucket, up to +Inf, is implied. Only for histograms. */
  readonly upperBounds?: readonly number[] | undefined;
  /** Names of states in the order of `states`. Only for state sets. */
  readonly states?: readonly string[] | undefined;
  /** Labels of the first few series of an info. */
  readonly facts?: readonly LabelList[] | undefined;
  readonly values: FamilyValues;
}

/** Values of a family over all of its series. */
export interface FamilyValues {
  /** Number of series. */
  readonly series: number;
  /** Counters and summaries: the total; histograms: the number of observations; gauges: the aggregated value. */
  readonly value?: Value | undefined;
  /** Increase of `value` per second, with resets taken into account; missing for gauges and at first. */
  readonly rate?: number | undefined;
  /** Mean of the observations since the message before, for histograms and summaries. */
  readonly mean?: number | undefined;
  /** p50, p90 and p99 of the observations since the message before; null if there were none. */
  readonly quantiles?: readonly (number | null)[] | undefined;
  /** Observations in each bucket since the message before, not cumulative; for a gauge histogram, the current ones. */
  readonly buckets?: readonly number[] | undefined;
  /** Number of series in each state. */
  readonly states?: readonly number[] | undefined;
}

export interface CollectorState {
  readonly name: string;
  readonly state: 'ok' | 'failing' | 'late';
  readonly seconds?: number | undefined;
  /** Number of scrapes since the start in which it failed, if it is known. */
  readonly errors?: number | undefined;
  /** The latest error, also if the collector has recovered. */
  readonly lastError?: string | undefined;
  readonly lastErrorAt?: number | undefined;
}

export interface TaskState {
  readonly name: string;
  readonly state: string;
  readonly isRunning: boolean;
  readonly isReady: boolean;
  readonly intervalMs: number;
  readonly nextRunAt?: number | undefined;
  readonly lastStartAt?: number | undefined;
  readonly lastSuccessAt?: number | undefined;
  readonly lastDurationMs?: number | undefined;
  /** Error of the last run that failed; the task may have succeeded since. */
  readonly lastError?: string | undefined;
  /** Number of failures since the last success. */
  readonly consecutiveFailures: number;
  readonly successes: number;
  readonly failures: number;
  readonly skipped: number;
}

export interface ScrapeRecord {
  readonly time: number;
  /** Address of the client. */
  readonly client: string;
  readonly userAgent: string;
  /** Media type and version, such as `text/plain; version=0.0.4`. */
  readonly format: string;
  /** Bytes sent, compressed if they were. */
  readonly bytes: number;
  readonly ms: number;
  /** HTTP status; 499 if the client disconnected before the end. */
  readonly status: number;
}

/** A flag or another setting. */
export interface Setting {
  /** Heading: `Flags`, `Formats`, `Limits`. */
  readonly group: string;
  readonly name: string;
  /** Secrets are masked. */
  readonly value: string;
  readonly isDefault: boolean;
  readonly help: string;
}

/** Cost of the page. */
export interface PageCost {
  readonly viewers: number;
  /** Duration of the latest gathering, waiting included. */
  readonly gatherMs: number;
  /** Time that the event loop was busy with the latest sample. */
  readonly workMs: number;
  /** Bytes sent to all viewers in the last second. */
  readonly sentBytes: number;
  /** Memory of the history. */
  readonly historyBytes: number;
  /** Series with a history, and series without, because there are too many. */
  readonly trackedSeries: number;
  readonly untrackedSeries: number;
}

/** Points of a line, oldest first; null where nothing is known. */
export type Line = readonly (number | null)[];

/** History of families: each line has one point for each of `times`. */
export interface HistoryMessage {
  readonly session: string;
  readonly times: readonly number[];
  /** Lines of the members of {@link ProcessState} that are numbers, by their names. */
  readonly process: Readonly<Record<string, Line>>;
  readonly gcPauses: readonly GcPause[];
  readonly families: readonly FamilyHistory[];
}

export interface FamilyHistory {
  readonly id: number;
  /** Rate of counters, histograms and summaries, and value of gauges. */
  readonly line?: Line | undefined;
  /** Lines of p50, p90 and p99. */
  readonly quantiles?: readonly Line[] | undefined;
  /** A line for each bucket. */
  readonly buckets?: readonly Line[] | undefined;
  /** A line for each state. */
  readonly states?: readonly Line[] | undefined;
}
