import { RequestListener, IncomingMessage, ServerResponse } from "node:http";
import { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { ConnectionOptions } from "node:tls";
type LabelInput = string | number | boolean;
interface Labels {
    readonly [name: string]: LabelInput;
}
interface EncodedValues {
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly view: DataView;
    readonly places: readonly number[];
    readonly longest: number;
    add(id: number): void;
    addAll(): void;
    clear(): void;
}
interface LabelEncoding {
    begin(values: LabelValues, name: string): EncodedValues;
}
declare class LabelValues {
    #private;
    texts: string[];
    get areMany(): boolean;
    idOf(value: LabelInput | undefined): number | undefined;
    intern(text: string): number;
    append(text: string): number;
    setOnly(text: string): void;
    alias(value: number | boolean, text: string): void;
    encodedBy(encoding: LabelEncoding, name: string): EncodedValues;
    retain(kept: readonly number[]): void;
}
declare function onlyValue(text: string): LabelValues;
interface LabelSet {
    readonly names: readonly string[];
    readonly values: readonly LabelValues[];
    readonly ids: Int32Array;
}
declare function labelPairs({ names, values, ids }: LabelSet): [
    name: string,
    value: string
][];
interface NumberRows {
    readonly names: readonly string[];
    readonly values: readonly LabelValues[];
    readonly ids: Int32Array;
    readonly numbers: Float64Array;
    readonly startTimestamps: Float64Array | undefined;
}
type MetricType = "counter" | "gauge" | "histogram" | "gaugehistogram" | "summary" | "info" | "stateset" | "unknown";
type AcrossWorkers = "perWorker" | "sum" | "min" | "max" | "mean" | "mostRecent" | "keptSum" | "keptMin" | "keptMax" | "keptMostRecent";
interface Descriptor {
    readonly name: string;
    readonly help: string;
    readonly type: MetricType;
    readonly unit?: string | undefined;
    readonly acrossWorkers?: AcrossWorkers | undefined;
}
interface Point {
    readonly labels: LabelSet;
    readonly timestamp: number | undefined;
    readonly startTimestamp: number | undefined;
    readonly setTimestamp?: number | undefined;
}
interface Exemplar {
    readonly labels: Labels;
    readonly value: number;
    readonly timestamp?: number | undefined;
}
interface HistogramValue {
    readonly upperBounds: readonly number[];
    readonly bucketCounts: ArrayLike<number>;
    readonly count: number;
    readonly sum: number;
    readonly hasCount?: boolean | undefined;
    readonly hasSum?: boolean | undefined;
    readonly exemplars?: ArrayLike<Exemplar | undefined> | undefined;
    readonly native?: NativeHistogramValue | undefined;
}
interface NativeHistogramValue {
    readonly schema: number;
    readonly zeroThreshold: number;
    readonly zeroCount: number;
    readonly positive: NativeBucketCounts;
    readonly negative: NativeBucketCounts;
    readonly exemplars?: readonly Exemplar[] | undefined;
}
interface NativeBucketCounts {
    readonly indexes: ArrayLike<number>;
    readonly counts: ArrayLike<number>;
}
interface SummaryValue {
    readonly count: number;
    readonly sum: number;
    readonly hasCount?: boolean | undefined;
    readonly hasSum?: boolean | undefined;
    readonly quantiles: readonly QuantileValue[];
}
interface QuantileValue {
    readonly quantile: number;
    readonly value: number;
}
interface StateSetValue {
    readonly states: readonly string[];
    readonly enabled: ArrayLike<number | boolean>;
}
interface Values {
    readonly counter: number;
    readonly gauge: number;
    readonly histogram: HistogramValue;
    readonly gaugehistogram: HistogramValue;
    readonly summary: SummaryValue;
    readonly info: 1;
    readonly stateset: StateSetValue;
    readonly unknown: number;
}
interface Sample<T extends MetricType = MetricType> {
    readonly labels?: Labels | undefined;
    readonly value: Values[T];
    readonly timestamp?: number | undefined;
    readonly startTimestamp?: number | undefined;
    readonly exemplar?: Exemplar | undefined;
    readonly exemplars?: readonly Exemplar[] | undefined;
}
type FamilyOf<T extends MetricType> = T extends MetricType ? Descriptor & {
    readonly type: T;
    readonly points: Iterable<Sample<T>>;
} : never;
type MetricFamily<T extends MetricType = MetricType> = FamilyOf<T>;
interface Encoder {
    family(descriptor: Descriptor): void;
    counter(point: Point, value: number, exemplar?: Exemplar): void;
    gauge(point: Point, value: number): void;
    unknown(point: Point, value: number): void;
    histogram(point: Point, value: HistogramValue): void;
    summary(point: Point, value: SummaryValue): void;
    info(point: Point): void;
    stateSet(point: Point, value: StateSetValue): void;
    numbers?(rows: NumberRows, first: number, end: number): boolean;
    measure?(rows: NumberRows, first: number, end: number, isLast: boolean): boolean;
    failed?(descriptor: Descriptor, problem: unknown): void;
}
declare function encodeFamily(family: MetricFamily, encoder: Encoder): void;
interface CollectContext {
    readonly signal: AbortSignal;
    readonly deadline: number;
}
interface Collector {
    readonly name?: string | undefined;
    readonly up?: string | undefined;
    collect(context: CollectContext): Iterable<MetricFamily> | AsyncIterable<MetricFamily> | Promise<Iterable<MetricFamily> | AsyncIterable<MetricFamily>>;
}
interface DroppedCounts {
    readonly overflowed: number;
    readonly expired: number;
    readonly exemplars: number;
}
interface RegistrableMetric {
    readonly descriptor: Descriptor;
}
interface DirectCollector extends RegistrableMetric {
    readonly rowCount: number;
    readonly isEmpty: boolean;
    readonly losses?: DroppedCounts | undefined;
    readonly seriesLabelNames?: readonly string[];
    readonly constLabels?: Labels | undefined;
    readonly schema?: string;
    readonly isPassive?: boolean;
    prepare?(context: CollectContext): void | Promise<void>;
    measure?(encoder: Encoder, from: number, to: number, isLast: boolean): boolean;
    encode(encoder: Encoder, from: number, to: number): void;
    pin(): void;
    unpin(): void;
}
type Registrable = Collector | DirectCollector | RegistrableMetric;
interface Registrar {
    register(collector: Registrable): void;
}
interface CollectorRegistry extends Registrar {
    unregister(collector: Registrable): boolean;
}
interface ForeignRegistry {
    getMetricsAsArray(): readonly {
        readonly name: string;
    }[];
    getSingleMetric?(name: string): unknown;
}
interface AdoptOptions {
    readonly name?: string;
}
declare function adoptRegistry(registry: ForeignRegistry, options?: AdoptOptions): Collector;
interface GroupContext {
    readonly registry: CollectorRegistry;
    readonly prefix: string;
    readonly labels: Labels;
}
type CollectorGroup = (context: GroupContext) => () => void;
interface CollectorHandle {
    stop(): void;
    [Symbol.dispose](): void;
}
interface CollectorOptions<Name extends string> {
    readonly registry?: CollectorRegistry;
    readonly prefix?: string;
    readonly labels?: Labels;
    readonly groups?: {
        readonly [N in Name]?: boolean;
    };
}
interface Build {
    readonly name: string;
    readonly version: string;
    readonly revision?: string | undefined;
    readonly branch?: string | undefined;
}
interface BuildInfoOptions extends Build, Omit<CollectorOptions<never>, "groups"> {
}
declare function buildInfo(allOptions: BuildInfoOptions): CollectorHandle;
type ProcessGroup = "standard" | "memory" | "io" | "network" | "usage" | "cgroup" | "pressure";
interface ProcessOptions extends CollectorOptions<ProcessGroup> {
    readonly root?: string;
}
declare function collectProcess(allOptions?: ProcessOptions): CollectorHandle;
declare const nodeRuntimeGroups: {
    readonly eventLoopDelay: CollectorGroup;
    readonly eventLoopTime: CollectorGroup;
    readonly garbageCollection: CollectorGroup;
    readonly heap: CollectorGroup;
    readonly heapSpaces: CollectorGroup;
    readonly arrayBuffers: CollectorGroup;
    readonly activeResources: CollectorGroup;
    readonly threads: CollectorGroup;
    readonly versionInfo: CollectorGroup;
};
type NodeRuntimeGroup = keyof typeof nodeRuntimeGroups;
type NodeRuntimeOptions = CollectorOptions<NodeRuntimeGroup>;
declare function collectNodeRuntime(options?: NodeRuntimeOptions): CollectorHandle;
interface DefaultsOptions extends CollectorOptions<ProcessGroup | NodeRuntimeGroup> {
    readonly root?: string;
    readonly build?: Build;
}
declare function collectDefaults(allOptions?: DefaultsOptions): CollectorHandle;
type Duration = string | number;
interface DurationRules {
    readonly name?: string;
    readonly allowZero?: boolean;
}
declare function parseDuration(value: Duration, { name, allowZero }?: DurationRules): number;
declare function formatDuration(milliseconds: number): string;
type LogMethod = (message: string, fields?: Readonly<Record<string, unknown>>) => void;
interface Logger {
    readonly debug: LogMethod;
    readonly info: LogMethod;
    readonly warn: LogMethod;
    readonly error: LogMethod;
}
interface ClockTimer {
    ref?(): unknown;
    unref?(): unknown;
}
interface Clock {
    now(): number;
    wall(): number;
    setTimeout(callback: () => void, delayMs: number): ClockTimer;
    clearTimeout(timer: ClockTimer): void;
}
declare const systemClock: Clock;
interface RetryOptions {
    readonly attempts?: number;
    readonly min?: Duration;
    readonly max?: Duration;
    readonly factor?: number;
    readonly jitter?: "full" | "none";
}
interface BackoffOptions {
    readonly after?: number;
    readonly factor?: number;
    readonly max?: Duration;
}
interface RunStart {
    readonly task: string;
    readonly number: number;
    readonly reason: string;
    readonly dueAt: number;
    readonly startedAt: number;
    readonly lagMs: number;
}
type RunOutcome = "success" | "error" | "timeout" | "aborted";
interface RunEnd extends RunStart {
    readonly outcome: RunOutcome;
    readonly durationMs: number;
    readonly attempts: number;
    readonly error: Error | undefined;
}
type SkipCause = "overlap" | "stuck" | "paused" | "stopped" | "removed";
interface RunSkip {
    readonly task: string;
    readonly outcome: "skipped";
    readonly cause: SkipCause;
    readonly dueAt: number;
}
type RunResult = RunEnd | RunSkip;
type TaskFunction = (context: RunContext) => unknown;
interface RunContext {
    readonly signal: AbortSignal;
    readonly run: RunStart;
    readonly deadline: number;
    readonly attempt: number;
    readonly log: Logger;
}
interface Task {
    readonly name: string;
    readonly status: TaskStatus;
    runNow(options?: RunNowOptions): Promise<RunResult>;
    pause(): void;
    resume(): void;
    reschedule(interval: Duration): void;
}
interface RunNowOptions {
    readonly reason?: string;
}
type TaskState = "stopped" | "scheduled" | "queued" | "running" | "paused" | "stuck" | "removed";
interface TaskStatus {
    readonly name: string;
    readonly state: TaskState;
    readonly intervalMs: number;
    readonly isRunning: boolean;
    readonly isReady: boolean;
    readonly nextRunAt: number | undefined;
    readonly lastStartAt: number | undefined;
    readonly lastSuccessAt: number | undefined;
    readonly lastDurationMs: number | undefined;
    readonly lastLagMs: number | undefined;
    readonly lastError: Error | undefined;
    readonly consecutiveFailures: number;
    readonly abandonedRuns: number;
    readonly counts: TaskCounts;
}
interface TaskCounts {
    readonly success: number;
    readonly error: number;
    readonly timeout: number;
    readonly aborted: number;
    readonly skipped: number;
    readonly missed: number;
}
interface StopReport {
    readonly drained: readonly string[];
    readonly aborted: readonly string[];
    readonly abandoned: readonly string[];
}
interface SchedulerEvents {
    "run:start": RunStart;
    "run:end": RunEnd;
    "run:skip": RunSkip;
    "run:miss": RunMiss;
    error: RunFailure;
    state: StateChange;
}
interface RunMiss {
    readonly task: string;
    readonly missed: number;
}
interface StateChange {
    readonly task: string;
    readonly from: TaskState;
    readonly to: TaskState;
}
interface RunFailure {
    readonly task: string;
    readonly error: Error;
    readonly run: RunEnd;
}
type Listener$1<T> = (event: T) => void;
type Jitter = number | "hash";
type Overlap = "skip" | "queue" | "abort";
interface TaskOptions {
    readonly name: string;
    readonly immediate?: boolean | Duration;
    readonly align?: boolean;
    readonly jitter?: Jitter;
    readonly timeout?: Duration | "interval" | false;
    readonly overlap?: Overlap;
    readonly retry?: RetryOptions;
    readonly backoff?: boolean | BackoffOptions;
    readonly abandonAfter?: Duration;
    readonly maxAbandoned?: number;
    readonly readyAfterFirstSuccess?: boolean;
    readonly enabled?: boolean;
    readonly unref?: boolean;
}
interface SchedulerOptions {
    readonly registry?: Registrar;
    readonly logger?: Logger;
    readonly onError?: (error: Error, failure: RunFailure) => void;
    readonly maxConcurrent?: number;
    readonly unref?: boolean;
    readonly instance?: string;
    readonly clock?: Clock;
    readonly random?: () => number;
}
interface StopOptions {
    readonly timeout?: Duration;
    readonly abort?: "after" | "now";
    readonly from?: RunStart;
}
declare class Scheduler {
    #private;
    constructor(options?: SchedulerOptions);
    useLogger(logger: Logger): void;
    get tasks(): readonly Task[];
    get isStarted(): boolean;
    get clock(): Clock;
    every(interval: Duration, fn: TaskFunction, options: TaskOptions): Task;
    task(name: string): Task | undefined;
    remove(name: string): boolean;
    start(): void;
    stop(options?: StopOptions): Promise<StopReport>;
    on<E extends keyof SchedulerEvents>(event: E, listener: Listener$1<SchedulerEvents[E]>): () => void;
}
type PassedOn = "timeout" | "retry" | "backoff" | "jitter" | "readyAfterFirstSuccess";
interface RefreshedOptions extends Pick<TaskOptions, PassedOn> {
    readonly scheduler: Scheduler;
    readonly every: Duration;
    readonly name?: string;
    readonly staleAfter?: Duration | false;
    readonly onError?: OnError;
}
type OnError = "keep" | "drop" | {
    readonly keepFor: Duration;
};
declare function refreshed(collector: Collector, options: RefreshedOptions): RefreshedCollector;
declare class RefreshedCollector implements Collector {
    #private;
    readonly name: string;
    readonly task: Task;
    constructor(collector: Collector, options: RefreshedOptions);
    collect(): MetricFamily[];
    stop(): void;
}
interface Flag<T = unknown> {
    readonly help: string;
    readonly default?: string;
    readonly parse?: (text: string) => T;
    readonly placeholder?: string;
    readonly variable?: string;
    readonly implicitValue?: string;
    readonly isRepeatable?: true;
    readonly isSwitch?: true;
    readonly isSecret?: true;
}
interface Flags {
    readonly [name: string]: Flag;
}
type FlagValues<F extends Flags> = {
    readonly [K in keyof F]: ValueOf<F[K]>;
};
type ValueOf<F> = F extends {
    readonly isSwitch: true;
} ? boolean : F extends {
    readonly isRepeatable: true;
} ? readonly SingleOf<F>[] : F extends {
    readonly default: string;
} ? SingleOf<F> : SingleOf<F> | undefined;
type SingleOf<F> = F extends {
    readonly parse: (text: string) => infer T;
} ? T : string;
interface CollectorFlag {
    readonly help: string;
    readonly isEnabled?: boolean;
}
interface Region {
    readonly bytes: Buffer;
    readonly view: DataView;
    readonly start: number;
    readonly length: number;
}
type Fragment = Region;
interface PieceBufferOptions {
    readonly capacity?: number;
    readonly allocate?: (atLeast: number) => Buffer;
    readonly pieceBytes?: number;
    readonly messageLength?: () => number;
}
declare class PieceBuffer {
    #private;
    protected buffer: Buffer;
    protected view: DataView;
    protected end: number;
    protected limit: number;
    protected taken: number;
    constructor({ capacity, allocate, pieceBytes, messageLength, }?: PieceBufferOptions);
    get length(): number;
    get position(): number;
    get room(): number;
    get setsAside(): boolean;
    get written(): Fragment;
    get hasPieces(): boolean;
    take(): Buffer;
    openMessage(): void;
    putAside(): void;
    closeMessage(more?: number): void;
    dropMessage(): void;
    rewind(position: number): void;
    reserve(count: number): void;
    bytes(bytes: Uint8Array): void;
    varint(value: number): void;
    close(start: number, more?: number, lengthBytes?: number): void;
}
declare class ByteWriter extends PieceBuffer {
    #private;
    byte(value: number): void;
    ascii(text: string): void;
    text(text: string): void;
    get memory(): DataView;
    claim(count: number): number;
    copyTo(bytes: Uint8Array, at: number): void;
    fragment({ bytes, view, start, length }: Fragment): void;
    values(lists: readonly EncodedValues[], ids: Int32Array, first: number): void;
    closeLabels(): void;
    repeat(position: number, length: number): void;
    number(value: number): void;
    numberLine(value: number): void;
    countLine(value: number): void;
    count(value: number): void;
    seconds(value: number): void;
    double(value: number): void;
    doubleField(key: number, value: number): void;
    open(key: number, lengthBytes?: number): number;
}
type Escaping = (typeof ESCAPINGS)[number];
declare const ESCAPINGS: readonly [
    "allow-utf-8",
    "underscores",
    "dots",
    "values"
];
declare function escapeName(name: string, escaping: Escaping, kind?: "metric" | "label"): string;
declare function unescapeName(name: string, escaping: Escaping): string;
interface Encodable {
    encode(encoder: Encoder): void;
}
interface FormatEncoder extends Encoder {
    end(): void;
}
interface FormatOptions {
    readonly createdLines?: boolean | undefined;
}
interface OmissionListener {
    readonly onProblem?: ((problem: Error) => void) | undefined;
    readonly onOmitted?: ((samples: number) => void) | undefined;
}
interface EncoderOptions extends FormatOptions, OmissionListener {
}
interface Format {
    readonly contentType: string;
    readonly accepted: AcceptedClause;
    readonly defaultEscaping?: Escaping;
    encoder(writer: ByteWriter, options?: EncoderOptions): FormatEncoder;
}
interface AcceptedClause {
    readonly mediaType: string;
    readonly parameters: {
        readonly [name: string]: string;
    };
    readonly optional?: string;
    readonly otherVersions?: readonly string[];
}
interface CollectorFailure {
    readonly collector: string;
    readonly error: Error;
}
interface GatherOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
    readonly names?: Iterable<string> | undefined;
    readonly collect?: Iterable<string> | undefined;
    readonly exclude?: Iterable<string> | undefined;
}
interface Gatherer {
    readonly collectorNames?: readonly string[];
    gather(options?: GatherOptions): Promise<Gathering>;
}
type Entry = DirectCollector | MetricFamily;
declare class Gathering {
    #private;
    readonly failures: readonly CollectorFailure[];
    readonly entries: readonly Entry[];
    constructor(entries: readonly Entry[], failures: readonly CollectorFailure[]);
    only(names: ReadonlySet<string>): Gathering;
    encode(encoder: Encoder): void;
    steps(encoder: Encoder, rowsPerStep?: number): Generator<void, void, void>;
}
interface EncodeOptions extends EncoderOptions {
    readonly escaping?: Escaping | undefined;
}
declare function encodeGathering(gathering: Encodable, format?: Format, options?: EncodeOptions): Buffer;
declare function expositionEncoder(format: Format, writer: ByteWriter, options?: EncodeOptions): FormatEncoder;
declare const protobuf: Format;
declare const openMetrics: Format;
declare const openMetrics0: Format;
declare const openMetrics2: Format;
declare const text: Format;
declare const textUtf8: Format;
declare const formats: readonly Format[];
type SnapshotNumber = number | "NaN" | "+Inf" | "-Inf";
interface FamilySnapshot {
    readonly name: string;
    readonly help: string;
    readonly type: MetricType;
    readonly unit?: string;
    readonly points: readonly PointSnapshot[];
}
interface PointSnapshot {
    readonly labels?: {
        readonly [name: string]: string;
    };
    readonly value: SnapshotNumber | HistogramSnapshot | SummarySnapshot | StateSetSnapshot;
    readonly timestamp?: SnapshotNumber;
    readonly startTimestamp?: SnapshotNumber;
    readonly exemplar?: ExemplarSnapshot;
}
interface HistogramSnapshot {
    readonly upperBounds: readonly SnapshotNumber[];
    readonly bucketCounts: readonly SnapshotNumber[];
    readonly count: SnapshotNumber;
    readonly sum: SnapshotNumber;
    readonly hasCount?: false;
    readonly hasSum?: false;
    readonly exemplars?: readonly (ExemplarSnapshot | null)[];
    readonly native?: NativeHistogramSnapshot;
}
interface NativeHistogramSnapshot {
    readonly schema: SnapshotNumber;
    readonly zeroThreshold: SnapshotNumber;
    readonly zeroCount: SnapshotNumber;
    readonly positive: BucketsSnapshot;
    readonly negative: BucketsSnapshot;
    readonly exemplars?: readonly ExemplarSnapshot[];
}
interface BucketsSnapshot {
    readonly indexes: readonly SnapshotNumber[];
    readonly counts: readonly SnapshotNumber[];
}
interface SummarySnapshot {
    readonly count: SnapshotNumber;
    readonly sum: SnapshotNumber;
    readonly hasCount?: false;
    readonly hasSum?: false;
    readonly quantiles: readonly QuantileSnapshot[];
}
interface QuantileSnapshot {
    readonly quantile: SnapshotNumber;
    readonly value: SnapshotNumber;
}
interface StateSetSnapshot {
    readonly states: readonly string[];
    readonly enabled: readonly boolean[];
}
interface ExemplarSnapshot {
    readonly labels: {
        readonly [name: string]: string;
    };
    readonly value: SnapshotNumber;
    readonly timestamp?: SnapshotNumber;
}
declare function snapshotOf(gathering: Encodable, onProblem?: (problem: Error) => void): FamilySnapshot[];
declare class Merged implements Gatherer {
    get collectorNames(): readonly string[];
    gather(options?: GatherOptions): Promise<Gathering>;
    expose(format?: Format, options?: EncodeOptions): Promise<string>;
    snapshot(): Promise<FamilySnapshot[]>;
}
interface RegistryOptions {
    readonly selfMetrics?: boolean;
    readonly maxPoints?: number;
}
interface ReuseOptions {
    readonly replace?: boolean;
}
interface Base extends Registrar {
    unregister(collector: Registrable): boolean;
    has(collector: Registrable): boolean;
}
declare class RegistryView implements Base {
    #private;
    register(collector: Registrable): void;
    unregister(collector: Registrable): boolean;
    has(collector: Registrable): boolean;
    withPrefix(prefix: string): RegistryView;
    withLabels(labels: Labels): RegistryView;
}
declare class Registry implements Registrar, Gatherer {
    #private;
    constructor(options?: RegistryOptions);
    static merge(...registries: readonly Gatherer[]): Merged;
    register(collector: Registrable): void;
    unregister(collector: Registrable | string): boolean;
    has(collector: Registrable): boolean;
    get(name: string): DirectCollector | undefined;
    getOrCreate<const O extends object, M extends RegistrableMetric>(type: new (options: O) => M, options: O, reuse?: ReuseOptions): M;
    clear(): void;
    withPrefix(prefix: string): RegistryView;
    withLabels(labels: Labels): RegistryView;
    get collectorNames(): readonly string[];
    gather(options?: GatherOptions): Promise<Gathering>;
    expose(format?: Format, options?: EncodeOptions): Promise<string>;
    snapshot(): Promise<FamilySnapshot[]>;
}
interface WriteLimits {
    readonly idleMs: number;
    readonly totalMs: number;
}
interface ScrapeOptions extends FormatOptions {
    readonly timeoutMs?: number | undefined;
    readonly errorMode?: "continue" | "http-error" | undefined;
    readonly compress?: boolean | undefined;
}
interface HandlerOptions extends ScrapeOptions {
    readonly registry?: Gatherer;
    readonly onError?: (failure: CollectorFailure) => void;
    readonly maxRequests?: number | undefined;
    readonly selfMetrics?: Registry | undefined;
    readonly writeLimits?: Partial<WriteLimits>;
}
interface BackgroundTask extends Pick<Task, "name" | "status"> {
    runNow?(): Promise<unknown>;
}
interface Background {
    readonly tasks?: readonly BackgroundTask[] | undefined;
    useLogger?(logger: Logger): void;
    start(): unknown;
    stop(options: {
        readonly timeout: number;
    }): unknown;
}
interface ExporterCollector<F extends Flags = Flags> extends CollectorFlag {
    readonly create: (values: FlagValues<F>) => Collector | Promise<Collector>;
}
type DefaultCollectors = (registry: Registry) => Stoppable | Promise<Stoppable>;
interface Stoppable {
    stop(): void;
}
interface ExporterOptions<F extends Flags = Flags> extends ScrapeOptions {
    readonly name: string;
    readonly defaultPort: number;
    readonly description?: string;
    readonly version?: string;
    readonly revision?: string;
    readonly registry?: Gatherer;
    readonly scrapeThread?: boolean;
    readonly scheduler?: Background;
    readonly flags?: F;
    readonly collectors?: Readonly<Record<string, ExporterCollector<F>>>;
    readonly defaultCollectors?: DefaultCollectors | false;
    readonly setup?: (values: FlagValues<F>) => void | Promise<void>;
    readonly checkConfig?: (values: FlagValues<F>) => readonly string[] | Promise<readonly string[]>;
    readonly reload?: () => void | Promise<void>;
    readonly routes?: Readonly<Record<string, RequestListener>>;
    readonly shutdown?: () => void | Promise<void>;
}
interface RunningExporter {
    readonly url: string;
    readonly urls: readonly string[];
    stop(): Promise<void>;
}
interface RateLimitOptions {
    readonly intervalMs?: number;
    readonly now?: () => number;
}
declare function rateLimitedLogger(logger: Logger, options?: RateLimitOptions): Logger;
declare const logFormats: readonly [
    "logfmt",
    "json"
];
type LogFormat = (typeof logFormats)[number];
declare const logLevels: readonly [
    "debug",
    "info",
    "warn",
    "error"
];
type LogLevel = (typeof logLevels)[number];
interface LoggerOptions {
    readonly level?: LogLevel;
    readonly format?: LogFormat;
    readonly write?: (line: string) => void;
}
declare function createLogger(options?: LoggerOptions): Logger;
declare function runExporter<const F extends Flags = Record<never, never>>(options: ExporterOptions<F>): Promise<RunningExporter>;
interface Negotiated {
    readonly format: Format;
    readonly escaping: Escaping;
    readonly contentType: string;
}
interface NegotiateOptions {
    readonly offers?: readonly Format[] | undefined;
    readonly escaping?: Escaping | undefined;
}
declare function negotiate(accept: string | undefined, { offers, escaping }?: NegotiateOptions): Negotiated;
declare function acceptsGzip(acceptEncoding: string | undefined): boolean;
declare function readSnapshot(snapshot: unknown): MetricFamily[];
declare function metricsFetchHandler(options?: HandlerOptions): (request: Request) => Promise<Response>;
type NodeRequest = IncomingMessage | Http2ServerRequest | RawRequest;
interface RawRequest {
    readonly raw: IncomingMessage | Http2ServerRequest;
}
type NodeResponse = ServerResponse | Http2ServerResponse | RawResponse;
interface RawResponse {
    readonly raw: ServerResponse | Http2ServerResponse;
    hijack?(): unknown;
}
type NodeListener = (request: NodeRequest, response: NodeResponse) => Promise<void>;
declare function metricsHandler(options?: HandlerOptions): NodeListener;
interface LingerOptions {
    readonly timeoutMs: number;
    readonly signal?: AbortSignal;
}
interface Lingering {
    readonly handler: NodeListener;
    linger(options: LingerOptions): Promise<readonly string[]>;
}
declare function withLinger(handler: RequestListener): Lingering;
interface ProbeContext {
    readonly target: string;
    readonly registry: Registry;
    readonly signal: AbortSignal;
    readonly deadline: number;
    readonly log: (message: string) => void;
}
interface ProbeModule {
    readonly probe: (context: ProbeContext) => boolean | Promise<boolean>;
    readonly timeoutMs?: number;
}
interface ProbeHandlerOptions {
    readonly modules: Readonly<Record<string, ProbeModule>>;
    readonly defaultModule?: string;
    readonly isAllowed?: (target: string) => boolean | Promise<boolean>;
    readonly failureStatus?: 200 | 503;
    readonly maxRequests?: number;
    readonly selfMetrics?: Registry;
}
declare function probeHandler(options: ProbeHandlerOptions): NodeListener;
declare const defaultBuckets: readonly number[];
declare function linearBuckets(start: number, width: number, count: number): number[];
declare function exponentialBuckets(start: number, factor: number, count: number): number[];
declare function exponentialBucketsRange(min: number, max: number, count: number): number[];
interface NativeOptions {
    readonly growthFactor?: number | undefined;
    readonly schema?: number | undefined;
    readonly maxBuckets?: number | undefined;
    readonly zeroThreshold?: number | undefined;
    readonly maxZeroThreshold?: number | undefined;
    readonly minResetDurationMs?: number | undefined;
}
interface Handle {
}
interface LabeledChild<Child> {
    readonly labels: Readonly<Record<string, string>>;
    readonly child: Child;
}
type ExemplarSource = () => Labels | undefined;
type LabelSchema = readonly string[] | LabelValueSchema;
interface LabelValueSchema {
    readonly [name: string]: readonly LabelInput[] | StringConstructor | NumberConstructor | BooleanConstructor;
}
type LabelValueOf<V> = V extends readonly (infer Value)[] ? Value : V extends StringConstructor ? string : V extends NumberConstructor ? number : V extends BooleanConstructor ? boolean : never;
type LabelsOf<S extends LabelSchema> = S extends readonly [
] ? never : S extends readonly (infer Name extends string)[] ? {
    readonly [K in Name]: LabelInput;
} : {
    readonly [K in keyof S]: LabelValueOf<S[K]>;
};
type LabelName<S extends LabelSchema> = keyof LabelsOf<S> & string;
type SomeLabels<S extends LabelSchema, Names extends LabelName<S>> = Pick<LabelsOf<S>, Names>;
type WithLabels<S extends LabelSchema, Rest extends unknown[]> = S extends readonly [
] ? Rest : [
    labels: LabelsOf<S>,
    ...Rest
];
type Without<S extends LabelSchema, Bound> = S extends readonly string[] ? WithoutNames<S, Bound> : S extends LabelValueSchema ? [
    Exclude<keyof S, Bound>
] extends [
    never
] ? readonly [
] : {
    readonly [K in Exclude<keyof S, Bound>]: S[K];
} : never;
type WithoutNames<S extends readonly string[], Bound> = S extends readonly [
    infer First extends string,
    ...infer Others extends readonly string[]
] ? First extends Bound ? WithoutNames<Others, Bound> : readonly [
    First,
    ...WithoutNames<Others, Bound>
] : S extends readonly [
] ? readonly [
] : readonly Exclude<S[number], Bound>[];
type NormalizeLabel = (value: string) => string;
type LabelArguments<S extends LabelSchema> = S extends readonly [
] ? [
] : S extends readonly string[] ? [
    labels: LabelsOf<S>
] | [
    first: LabelInput,
    ...others: OtherValues<S>
] : [
    labels: LabelsOf<S>
];
type OtherValues<S extends readonly string[]> = S extends readonly [
    string,
    ...infer Others
] ? {
    [K in keyof Others]: LabelInput;
} : LabelInput[];
declare abstract class Metric<S extends LabelSchema, Child extends Handle> {
    readonly name: string;
    readonly descriptor: Descriptor;
    readonly labelNames: readonly LabelName<S>[];
    labels(...labels: LabelArguments<S>): Child;
    remove(...labels: LabelArguments<S>): boolean;
    removeMatching(labels: Partial<LabelsOf<S>>): number;
    clear(): void;
    reset(): void;
    children(): LabeledChild<Child>[];
}
interface MetricOptions<S extends LabelSchema, M = never> {
    readonly name: string;
    readonly help: string;
    readonly labelNames?: S;
    readonly unit?: string;
    readonly constLabels?: Labels;
    readonly normalize?: {
        readonly [K in LabelName<S>]?: NormalizeLabel;
    };
    readonly initialize?: boolean;
    readonly maxSeries?: number;
    readonly ttlMs?: number;
    readonly collect?: (metric: M, context: CollectContext) => void | Promise<void>;
    readonly logger?: Pick<Logger, "warn">;
    readonly registry?: Registrar | null;
}
interface CounterOptions<S extends LabelSchema = readonly [
]> extends MetricOptions<S, Counter<S>> {
    readonly exemplarSource?: ExemplarSource;
}
type ErrorFilter = (error: unknown) => boolean;
declare class Counter<const S extends LabelSchema = readonly [
]> extends Metric<S, CounterChild> {
    constructor(options: CounterOptions<S>);
    inc(...values: WithLabels<S, [
        value?: number,
        exemplarLabels?: Labels
    ]>): void;
    incTo(...values: WithLabels<S, [
        total: number
    ]>): void;
    countErrors<T>(...call: WithLabels<S, [
        fn: () => T,
        filter?: ErrorFilter
    ]>): T;
    curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): Counter<Without<S, Names>>;
}
declare class CounterChild implements Handle {
    #private;
    inc(value?: number, exemplarLabels?: Labels): void;
    incTo(total: number): void;
    countErrors<T>(fn: () => T, filter?: ErrorFilter): T;
}
declare function openTelemetryExemplars(): Labels | undefined;
interface Timer {
    (): number;
    [Symbol.dispose](): void;
}
type LateTimer<More> = (more: More) => number;
interface GaugeOptions<S extends LabelSchema = readonly [
]> extends MetricOptions<S, Gauge<S>> {
    readonly acrossWorkers?: AcrossWorkers;
}
declare class Gauge<const S extends LabelSchema = readonly [
]> extends Metric<S, GaugeChild> {
    constructor(options: GaugeOptions<S>);
    set(...values: WithLabels<S, [
        value: number
    ]>): void;
    inc(...values: WithLabels<S, [
        value?: number
    ]>): void;
    dec(...values: WithLabels<S, [
        value?: number
    ]>): void;
    setToCurrentTime(...labels: WithLabels<S, [
    ]>): void;
    startTimer(...labels: WithLabels<S, [
    ]>): Timer;
    trackInProgress<T>(...call: WithLabels<S, [
        fn: () => T
    ]>): T;
    replace(rows: Iterable<readonly [
        labels: LabelsOf<S>,
        value: number
    ]>): void;
    curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): Gauge<Without<S, Names>>;
}
declare class GaugeChild implements Handle {
    #private;
    set(value: number): void;
    inc(value?: number): void;
    dec(value?: number): void;
    setToCurrentTime(): void;
    startTimer(): Timer;
    trackInProgress<T>(fn: () => T): T;
}
type TimerOf<S extends LabelSchema, Given> = Without<S, Given> extends readonly [
] ? Timer : LateTimer<LabelsOf<Without<S, Given>>>;
declare abstract class TimedMetric<S extends LabelSchema, Child extends TimedChild> extends Metric<S, Child> {
    startTimer<Names extends LabelName<S> = never>(labels?: SomeLabels<S, Names>): TimerOf<S, Names>;
    time<T>(...call: WithLabels<S, [
        fn: () => T
    ]>): T;
}
declare abstract class TimedChild implements Handle {
    abstract observe(value: number): void;
    startTimer(): Timer;
    time<T>(fn: () => T): T;
}
interface HistogramOptions<S extends LabelSchema = readonly [
]> extends MetricOptions<S, Histogram<S>> {
    readonly buckets?: readonly number[];
    readonly native?: NativeOptions;
    readonly exemplarSource?: ExemplarSource;
}
declare class Histogram<const S extends LabelSchema = readonly [
]> extends TimedMetric<S, HistogramChild> {
    constructor(options: HistogramOptions<S>);
    get upperBounds(): readonly number[];
    observe(...values: WithLabels<S, [
        value: number,
        exemplarLabels?: Labels
    ]>): void;
    observeMany(...values: WithLabels<S, [
        value: number,
        count: number
    ]>): void;
    curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): Histogram<Without<S, Names>>;
}
declare class HistogramChild extends TimedChild {
    #private;
    observe(value: number, exemplarLabels?: Labels): void;
    observeMany(value: number, count: number): void;
}
interface InfoOptions<S extends LabelSchema = readonly [
]> extends Omit<MetricOptions<S, Info<S>>, "unit"> {
}
declare class Info<const S extends LabelSchema = readonly [
]> extends Metric<S, InfoChild> {
    constructor(options: InfoOptions<S>);
    set(labels: LabelsOf<S>): void;
    add(labels: LabelsOf<S>): void;
    replace(rows: Iterable<LabelsOf<S>>): void;
}
declare class InfoChild implements Handle {
}
interface WindowOptions {
    readonly maxAgeMs?: number | undefined;
    readonly ageBuckets?: number | undefined;
}
interface PeakGaugeOptions<S extends LabelSchema = readonly [
]> extends MetricOptions<S, PeakGauge<S>>, WindowOptions {
    readonly acrossWorkers?: "perWorker" | "max";
}
declare class PeakGauge<const S extends LabelSchema = readonly [
]> extends Metric<S, PeakGaugeChild> {
    constructor(options: PeakGaugeOptions<S>);
    observe(...values: WithLabels<S, [
        value: number
    ]>): void;
    curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): PeakGauge<Without<S, Names>>;
}
declare class PeakGaugeChild implements Handle {
    #private;
    observe(value: number): void;
}
interface QuantileOptions extends WindowOptions {
    readonly relativeError?: number | undefined;
}
interface StateSetOptions<State extends string, S extends LabelSchema = readonly [
]> extends Omit<MetricOptions<S, StateSet<State, S>>, "unit"> {
    readonly states: readonly State[];
    readonly acrossWorkers?: "perWorker" | "mostRecent";
}
declare class StateSet<const State extends string, const S extends LabelSchema = readonly [
]> extends Metric<S, StateSetChild<State>> {
    constructor(options: StateSetOptions<State, S>);
    set(...values: WithLabels<S, [
        state: State,
        active?: boolean
    ]>): void;
    switchTo(...values: WithLabels<S, [
        state: State
    ]>): void;
    curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): StateSet<State, Without<S, Names>>;
}
declare class StateSetChild<State extends string> implements Handle {
    #private;
    set(state: State, active?: boolean): void;
    switchTo(state: State): void;
}
interface SummaryOptions<S extends LabelSchema = readonly [
]> extends MetricOptions<S, Summary<S>>, QuantileOptions {
    readonly quantiles?: readonly number[];
}
declare class Summary<const S extends LabelSchema = readonly [
]> extends TimedMetric<S, SummaryChild> {
    constructor(options: SummaryOptions<S>);
    observe(...values: WithLabels<S, [
        value: number
    ]>): void;
    curry<Names extends LabelName<S>>(labels: SomeLabels<S, Names>): Summary<Without<S, Names>>;
}
declare class SummaryChild extends TimedChild {
    #private;
    observe(value: number): void;
}
declare const version = "0.1.0";
declare const defaultRegistry: Registry;
type HttpNames = "classic" | "semconv" | "both";
interface DurationOptions {
    readonly registry?: CollectorRegistry;
    readonly prefix?: string;
    readonly labels?: Labels;
    readonly buckets?: readonly number[];
    readonly native?: NativeOptions;
    readonly exemplarSource?: ExemplarSource;
    readonly names?: HttpNames;
}
interface HttpRequest {
    readonly method?: string | undefined;
    readonly url?: string | undefined;
    readonly originalUrl?: string | undefined;
    readonly httpVersionMajor: number;
    readonly socket?: HttpSocket | undefined;
}
interface HttpSocket {
    readonly bytesRead: number;
    readonly bytesWritten: number;
    readonly destroyed: boolean;
    once?(event: "close", listener: (this: HttpSocket) => void): unknown;
}
interface HttpResponse {
    readonly statusCode: number;
    readonly writableEnded: boolean;
    readonly destroyed?: boolean;
    readonly headersSent?: boolean;
    readonly socket?: object | null;
    readonly stream?: HttpStream | undefined;
    on(event: "close" | "finish", listener: (this: HttpResponse) => void): unknown;
}
interface HttpStream {
    readonly rstCode?: number | undefined;
    readonly closed?: boolean;
    readonly destroyed?: boolean;
    readonly writableFinished?: boolean;
    on?(event: "end", listener: () => void): unknown;
}
interface MeasuredRequest {
    readonly method: string;
    readonly path: string;
    readonly scheme: string;
    header(name: string): string | undefined;
}
type RequestLabel = (request: MeasuredRequest) => LabelInput | undefined;
type HistogramShape = Pick<HistogramOptions, "buckets" | "native">;
interface HistogramChoice {
    readonly duration?: boolean | HistogramShape;
    readonly requestSize?: boolean | HistogramShape;
    readonly responseSize?: boolean | HistogramShape;
}
interface ExchangeOutcome {
    readonly method: string | undefined;
    readonly route: string | undefined;
    readonly status: number | "aborted";
    readonly received?: number | undefined;
    readonly sent?: number | undefined;
    readonly request?: () => MeasuredRequest;
}
interface HttpServerOptions extends DurationOptions {
    readonly maxRoutes?: number;
    readonly skip?: readonly string[] | ((path: string) => boolean);
    readonly histograms?: HistogramChoice;
    readonly requestLabels?: Readonly<Record<string, RequestLabel>>;
    readonly maxLabelValues?: number;
}
type RouteOf = () => string | undefined;
interface Exchange {
    readonly began: number;
    readonly trace: Labels | undefined;
}
declare class HttpServerMetrics {
    #private;
    constructor(options?: HttpServerOptions);
    track(request: HttpRequest, response: HttpResponse, routeOf?: RouteOf): void;
    skips(url: string): boolean;
    begin(): Exchange;
    end(exchange: Exchange, outcome: ExchangeOutcome): void;
    stop(): void;
}
declare function elysiaMetrics(metrics?: HttpServerMetrics): <App extends object>(app: App) => App;
declare function expressMetrics(metrics?: HttpServerMetrics): (request: HttpRequest, response: HttpResponse, next: () => void) => void;
interface FastifyRequest {
    readonly raw: HttpRequest;
    readonly routeOptions?: {
        readonly url?: string | undefined;
    };
}
interface FastifyReply {
    readonly raw: HttpResponse;
}
type OnRequest$1 = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;
interface FastifyInstance {
    addHook(name: "onRequest", hook: OnRequest$1): unknown;
}
type Plugin = (instance: FastifyInstance, options: unknown, done: () => void) => void;
declare function fastifyMetrics(metrics?: HttpServerMetrics): Plugin;
interface FetchRequest {
    readonly method: string;
    readonly url?: string;
    readonly headers: FetchHeaders;
    readonly signal?: FetchSignal;
}
interface FetchSignal {
    readonly aborted: boolean;
    addEventListener?(type: "abort", listener: () => void): void;
    removeEventListener?(type: "abort", listener: () => void): void;
}
interface FetchResponse {
    readonly status: number;
    readonly headers: FetchHeaders;
}
interface FetchHeaders {
    get(name: string): string | null;
}
interface FetchOptions<Req extends FetchRequest, Res extends FetchResponse> {
    readonly metrics?: HttpServerMetrics;
    readonly route?: (request: Req, response: Res | undefined) => string | undefined;
}
declare function instrumentFetch<Req extends FetchRequest, Res extends FetchResponse, Rest extends unknown[]>(handler: (request: Req, ...rest: Rest) => Res | Promise<Res>, options?: FetchOptions<Req, Res>): (request: Req, ...rest: Rest) => Promise<Res>;
interface H3Event {
    readonly context: object;
    readonly node?: {
        readonly req: HttpRequest;
        readonly res?: HttpResponse | undefined;
    } | undefined;
    readonly path?: string;
}
interface H3Middleware {
    (event: H3Event, next?: () => unknown): unknown;
    readonly __is_handler__: true;
}
declare function h3Metrics(metrics?: HttpServerMetrics): H3Middleware;
interface HapiRequest {
    readonly raw: {
        readonly req: HttpRequest;
        readonly res: HttpResponse;
    };
    readonly route: {
        readonly method: string;
        readonly path: string;
    };
}
interface HapiServer {
    ext(event: "onRequest", method: (request: HapiRequest, toolkit: HapiToolkit) => symbol): unknown;
}
interface HapiToolkit {
    readonly continue: symbol;
}
interface HapiPlugin {
    readonly name: string;
    readonly multiple: true;
    register(server: HapiServer): void;
}
declare function hapiMetrics(metrics?: HttpServerMetrics): HapiPlugin;
interface HonoContext {
    readonly req: {
        readonly raw: Request;
        readonly routePath?: string;
    };
    readonly res: Response;
    readonly env?: unknown;
}
interface HonoOptions<Context extends HonoContext> {
    readonly route?: (context: Context) => string | undefined;
}
declare function honoMetrics<Context extends HonoContext>(metrics?: HttpServerMetrics, options?: HonoOptions<Context>): (context: Context, next: () => Promise<void>) => Promise<void>;
interface HttpClientOptions extends DurationOptions {
    readonly maxHosts?: number;
}
declare function instrumentHttpClient(options?: HttpClientOptions): CollectorHandle;
interface KoaContext {
    readonly req: HttpRequest;
    readonly res: HttpResponse;
    readonly _matchedRoute?: unknown;
}
interface KoaOptions<Context extends KoaContext> {
    readonly route?: (context: Context) => string | undefined;
}
declare function koaMetrics<Context extends KoaContext>(metrics?: HttpServerMetrics, options?: KoaOptions<Context>): (context: Context, next: () => Promise<unknown>) => Promise<unknown>;
type Listener<Req extends HttpRequest, Res extends HttpResponse> = (request: Req, response: Res) => unknown;
interface ListenerOptions<Req extends HttpRequest, Res extends HttpResponse> {
    readonly metrics?: HttpServerMetrics;
    readonly route?: (request: Req, response: Res) => string | undefined;
}
declare function instrumentListener<Req extends HttpRequest = IncomingMessage, Res extends HttpResponse = ServerResponse>(listener: Listener<Req, Res>, options?: ListenerOptions<Req, Res>): Listener<Req, Res>;
interface YogaServer {
    readonly graphqlEndpoint: string;
}
interface OnRequest {
    readonly request: FetchRequest;
    readonly url: {
        readonly pathname: string;
    };
    readonly fetchAPI: {
        readonly URLPattern: new (pattern: {
            pathname: string;
        }) => {
            test(input: {
                pathname: string;
            }): boolean;
        };
    };
    readonly serverContext: object | undefined;
}
interface OnResponse {
    readonly request: FetchRequest;
    readonly response: FetchResponse;
}
interface YogaPlugin {
    onYogaInit(payload: {
        readonly yoga: YogaServer;
    }): void;
    onRequest(payload: OnRequest): void;
    onResponse(payload: OnResponse): void;
}
declare function yogaMetrics(metrics?: HttpServerMetrics): YogaPlugin;
type Severity = "error" | "warning" | "hint";
interface LintFamily extends Descriptor {
    readonly points: readonly Sample[];
}
interface LintContext {
    readonly families: readonly LintFamily[];
    readonly exporterName: string | undefined;
    readonly constantLabels: ReadonlyMap<string, string>;
}
interface Problem {
    readonly message: string;
    readonly hint: string;
}
interface Rule {
    readonly name: string;
    readonly severity: Severity;
    check(family: LintFamily, context: LintContext): Iterable<Problem>;
}
interface Finding extends Problem {
    readonly family: string;
    readonly rule: string;
    readonly severity: Severity;
}
interface LintOptions {
    readonly preset?: "promlint" | "exporter" | undefined;
    readonly rules?: {
        readonly [rule: string]: Severity | "off";
    } | undefined;
    readonly custom?: readonly Rule[] | undefined;
    readonly exporterName?: string | undefined;
}
declare function lint(families: Iterable<MetricFamily>, options?: LintOptions): Finding[];
declare function toSnakeCase(name: string): string;
declare function isLegacyMetricName(name: string): boolean;
declare function isLegacyLabelName(name: string): boolean;
declare function checkMetricName(name: unknown): asserts name is string;
declare function checkLabelName(name: unknown, metricName: string): asserts name is string;
declare const ZEROPROM_REGISTRY = "ZEROPROM_REGISTRY";
interface ZeropromModuleOptions {
    readonly registry?: Registry;
    readonly path?: string;
    readonly port?: number;
    readonly host?: string;
    readonly http?: HttpServerMetrics | HttpServerOptions | false;
    readonly handler?: Omit<HandlerOptions, "registry">;
}
interface MetricProvider<Metric> {
    readonly provide: string | symbol;
    readonly inject: [
        typeof ZEROPROM_REGISTRY
    ];
    readonly useFactory: (registry: Registry) => Metric;
}
interface NestToken {
    new (): object;
}
interface NestProvider {
    provide: string | symbol;
    inject: NestToken[];
    useFactory: (...args: never[]) => object;
}
interface ZeropromModuleDefinition {
    readonly module: typeof ZeropromModule;
    readonly global: true;
    readonly providers: NestProvider[];
    readonly exports: string[];
}
declare class ZeropromModule {
    static forRoot(options?: ZeropromModuleOptions): Promise<ZeropromModuleDefinition>;
}
declare function metricProvider<Metric>(token: string | symbol, create: (registry: Registry) => Metric): MetricProvider<Metric>;
type HrTime = readonly [
    number,
    number
];
type Attributes = Readonly<Record<string, unknown>>;
interface SdkProducer {
    collect(options?: {
        timeoutMillis?: number;
    }): Promise<SdkCollection>;
}
interface SdkCollection {
    readonly resourceMetrics: {
        readonly resource: {
            readonly attributes: Attributes;
        };
        readonly scopeMetrics: readonly SdkScopeMetrics[];
    };
    readonly errors: readonly unknown[];
}
interface SdkScopeMetrics {
    readonly scope: {
        readonly name: string;
        readonly version?: string | undefined;
        readonly schemaUrl?: string | undefined;
    };
    readonly metrics: readonly SdkMetric[];
}
interface SdkMetric {
    readonly descriptor: {
        readonly name: string;
        readonly description: string;
        readonly unit: string;
    };
    readonly dataPointType: number;
    readonly isMonotonic?: boolean;
    readonly dataPoints: readonly SdkPoint[];
}
interface SdkPoint {
    readonly startTime: HrTime;
    readonly attributes: Attributes;
    readonly value: unknown;
    readonly exemplars?: readonly SdkExemplar[];
}
interface SdkExemplar {
    readonly value: number;
    readonly timestamp: HrTime;
    readonly traceId?: string;
    readonly spanId?: string;
    readonly filteredAttributes?: Attributes;
}
type SdkAggregation = {
    type: 0;
} | {
    type: 5;
    options: {
        maxSize: number;
    };
};
declare const CUMULATIVE = 1;
interface OpenTelemetryReaderOptions {
    readonly registry?: CollectorRegistry;
    readonly exponentialHistograms?: boolean;
    readonly scopeLabels?: boolean;
    readonly targetInfo?: boolean;
    readonly maxSeries?: number;
    readonly errorMode?: "continue" | "fail";
    readonly onError?: (error: Error) => void;
}
declare class OpenTelemetryReader {
    #private;
    constructor(options?: OpenTelemetryReaderOptions);
    setMetricProducer(producer: SdkProducer): void;
    selectAggregation(instrumentType: string): SdkAggregation;
    selectAggregationTemporality(_instrumentType: string): typeof CUMULATIVE;
    selectCardinalityLimit(_instrumentType: string): number;
    collect<Collection extends SdkCollection = SdkCollection>(options?: {
        timeoutMillis?: number;
    }): Promise<Collection>;
    shutdown(): Promise<void>;
    forceFlush(): Promise<void>;
}
interface MetricOverride {
    readonly name: string;
    readonly line: number;
    readonly drop: boolean;
    readonly rename: string | undefined;
    readonly labels: Labels;
    readonly buckets: readonly number[] | undefined;
    readonly native: boolean | undefined;
    readonly maxSeries: number | undefined;
}
interface OverrideFile {
    readonly path: string;
    readonly metrics: readonly MetricOverride[];
}
declare function readOverrides(text: string, path: string): OverrideFile;
interface ParseErrorDetails {
    readonly line: number;
    readonly column: number;
    readonly text: string;
    readonly expected: string;
    readonly isBinary?: boolean;
}
declare class ParseError extends Error {
    readonly line: number;
    readonly column: number;
    readonly text: string;
    readonly expected: string;
    constructor({ line, column, text, expected, isBinary }: ParseErrorDetails);
}
type ParseMode = "strict" | "prometheus";
interface ParseLimits {
    readonly maxSize?: number | undefined;
    readonly maxLineLength?: number | undefined;
    readonly maxNameLength?: number | undefined;
    readonly maxLabels?: number | undefined;
    readonly maxErrors?: number | undefined;
}
interface ParseOptions extends ParseLimits {
    readonly mode?: ParseMode | undefined;
    readonly onError?: ((error: ParseError) => void) | undefined;
}
type Chunk = string | Uint8Array;
type Chunks = AsyncIterable<Chunk>;
type MetadataLine = TextMetadataLine | TypeMetadataLine;
interface TextMetadataLine {
    readonly keyword: "HELP" | "UNIT";
    readonly name: string;
    readonly text: string;
    readonly line: number;
}
interface TypeMetadataLine {
    readonly keyword: "TYPE";
    readonly name: string;
    readonly type: MetricType;
    readonly line: number;
}
interface ExemplarPart {
    readonly labelNames: readonly string[];
    readonly labelValues: readonly string[];
    readonly value: number;
    readonly timestamp: number | undefined;
}
interface SampleLine {
    readonly line: number;
    readonly name: string;
    readonly labelNames: readonly string[];
    readonly labelValues: readonly string[];
    readonly value: number;
    readonly timestamp: number | undefined;
    readonly startTimestamp: number | undefined;
    readonly exemplars: readonly ExemplarPart[];
    readonly composite: CompositeValue | undefined;
}
interface LineHandler {
    metadata(line: MetadataLine): void;
    sample(line: SampleLine): void;
    end(): void;
}
interface CompositePart {
    readonly suffix: string;
    readonly bound: number | undefined;
    readonly value: number;
    readonly exemplar?: Exemplar | undefined;
}
type CompositeValue = CompositeHistogram | CompositeSummary;
interface CompositeHistogram {
    readonly kind: "histogram" | "gaugehistogram";
    readonly value: HistogramValue | undefined;
    readonly loose?: Iterable<CompositePart> | undefined;
}
interface CompositeSummary {
    readonly kind: "summary";
    readonly value: SummaryValue | undefined;
    readonly loose?: Iterable<CompositePart> | undefined;
}
declare function parseNumber(text: string): number | undefined;
type OpenMetricsVersion = "1.0.0" | "2.0.0";
interface OpenMetricsOptions extends ParseOptions {
    readonly version?: OpenMetricsVersion | undefined;
}
declare function parseOpenMetrics(input: Chunk, options?: OpenMetricsOptions): MetricFamily[];
declare function parseOpenMetrics(input: Chunks, options?: OpenMetricsOptions): Promise<MetricFamily[]>;
declare function parseOpenMetrics(input: Chunk | Chunks, options?: OpenMetricsOptions): MetricFamily[] | Promise<MetricFamily[]>;
declare function readOpenMetrics(input: Chunk, handler: LineHandler, options?: OpenMetricsOptions): void;
declare function readOpenMetrics(input: Chunks, handler: LineHandler, options?: OpenMetricsOptions): Promise<void>;
declare function parse(input: Chunk, contentType: string, options?: ParseOptions): MetricFamily[];
declare function parse(input: Chunks, contentType: string, options?: ParseOptions): Promise<MetricFamily[]>;
declare function parseProtobuf(input: Uint8Array, options?: ParseOptions): MetricFamily[];
declare function parseProtobuf(input: Chunks, options?: ParseOptions): Promise<MetricFamily[]>;
declare function parseProtobuf(input: Chunk | Chunks, options?: ParseOptions): MetricFamily[] | Promise<MetricFamily[]>;
declare function parseText(input: Chunk, options?: ParseOptions): MetricFamily[];
declare function parseText(input: Chunks, options?: ParseOptions): Promise<MetricFamily[]>;
declare function parseText(input: Chunk | Chunks, options?: ParseOptions): MetricFamily[] | Promise<MetricFamily[]>;
declare function readText(input: Chunk, handler: LineHandler, options?: ParseOptions): void;
declare function readText(input: Chunks, handler: LineHandler, options?: ParseOptions): Promise<void>;
interface BatchJobOptions {
    readonly name: string;
    readonly registry?: Registry | undefined;
    readonly flush: (registry: Registry) => Promise<unknown>;
    readonly clock?: Clock | undefined;
}
interface BatchJobContext {
    readonly registry: Registry;
    readonly rows: (count?: number) => void;
}
declare class BatchJob {
    #private;
    readonly registry: Registry;
    constructor(options: BatchJobOptions);
    run<T>(job: (context: BatchJobContext) => T | Promise<T>): Promise<T>;
}
interface ClientTls {
    readonly ca?: string | undefined;
    readonly caFile?: string | undefined;
    readonly cert?: string | undefined;
    readonly certFile?: string | undefined;
    readonly key?: string | undefined;
    readonly keyFile?: string | undefined;
    readonly serverName?: string | undefined;
    readonly minVersion?: "TLS10" | "TLS11" | "TLS12" | "TLS13" | undefined;
    readonly insecureSkipVerify?: boolean | undefined;
}
interface SignableRequest {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
}
interface TransportRequest extends SignableRequest {
    readonly signal: AbortSignal;
}
interface TransportResponse {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body: Uint8Array;
}
interface Transport {
    send(request: TransportRequest): Promise<TransportResponse>;
    close?(): void;
}
interface ClientOptions {
    readonly url: string | URL;
    readonly timeout?: Duration | undefined;
    readonly headers?: Readonly<Record<string, string>> | undefined;
    readonly basicAuth?: BasicAuth | undefined;
    readonly bearerToken?: string | undefined;
    readonly bearerTokenFile?: string | undefined;
    readonly tls?: ClientTls | undefined;
    readonly proxy?: string | false | undefined;
    readonly sign?: ((request: SignableRequest) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>) | undefined;
    readonly transport?: Transport | undefined;
}
interface BasicAuth {
    readonly username: string;
    readonly password?: string | undefined;
    readonly passwordFile?: string | undefined;
}
interface FetchTransportOptions {
    readonly fetch?: typeof fetch | undefined;
    readonly waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
}
declare function fetchTransport({ fetch, waitUntil }?: FetchTransportOptions): Transport;
interface PushResponse {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body: string;
    readonly bytes: Uint8Array;
}
declare class PushError extends Error {
    readonly name = "PushError";
    readonly status: number;
    readonly body: string;
    constructor(request: string, { status, headers, body }: PushResponse);
}
interface DeliveryRetryOptions {
    readonly min?: Duration | undefined;
    readonly max?: Duration | undefined;
    readonly attempts?: number | undefined;
    readonly maxRetryAfter?: Duration | undefined;
}
interface RetrySources {
    readonly clock?: Clock | undefined;
    readonly random?: (() => number) | undefined;
}
interface DeliverySources extends RetrySources {
    readonly scheduler?: Scheduler | undefined;
}
type AttributeValue = string | number | boolean;
type OtlpProtocol = "http/protobuf" | "http/json";
type OtlpTemporality = "cumulative" | "delta" | "lowmemory";
interface OtlpExporterOptions extends Omit<ClientOptions, "url"> {
    readonly url?: string | URL | undefined;
    readonly registry?: Gatherer | undefined;
    readonly resource?: Readonly<Record<string, AttributeValue>> | undefined;
    readonly protocol?: OtlpProtocol | undefined;
    readonly compress?: boolean | undefined;
    readonly temporality?: OtlpTemporality | undefined;
    readonly nativeHistograms?: boolean | undefined;
    readonly maxPointsPerRequest?: number | undefined;
    readonly interval?: Duration | undefined;
    readonly onStop?: "stale" | "keep" | undefined;
    readonly retry?: DeliveryRetryOptions | undefined;
    readonly logger?: Logger | undefined;
    readonly selfMetrics?: Registry | undefined;
}
interface OtlpFlushOptions {
    readonly timeout?: Duration | undefined;
    readonly signal?: AbortSignal | undefined;
}
interface OtlpReport {
    readonly accepted: number;
    readonly rejected: number;
    readonly requests: number;
    readonly bytes: number;
    readonly failures: readonly CollectorFailure[];
}
declare class OtlpExporter {
    #private;
    constructor(options?: OtlpExporterOptions, sources?: DeliverySources);
    flush({ timeout, signal }?: OtlpFlushOptions): Promise<OtlpReport>;
    start(): void;
    stop({ timeout }?: {
        readonly timeout?: Duration | undefined;
    }): Promise<boolean>;
}
type GroupingKey = Readonly<Record<string, string | number>>;
interface PushgatewayOptions extends ClientOptions {
    readonly job: string;
    readonly groupingKey?: GroupingKey | undefined;
    readonly registry?: Gatherer | undefined;
    readonly format?: "protobuf" | "text" | undefined;
    readonly compress?: boolean | undefined;
    readonly retry?: DeliveryRetryOptions | undefined;
    readonly interval?: Duration | undefined;
    readonly onStop?: "keep" | "delete" | undefined;
    readonly logger?: Logger | undefined;
    readonly selfMetrics?: Registry | undefined;
}
interface PushOptions {
    readonly signal?: AbortSignal | undefined;
}
interface PushReport {
    readonly status: number;
    readonly bytes: number;
    readonly failures: readonly CollectorFailure[];
}
declare class Pushgateway {
    #private;
    constructor(options: PushgatewayOptions, sources?: DeliverySources);
    push({ signal }?: PushOptions): Promise<PushReport>;
    add({ signal }?: PushOptions): Promise<PushReport>;
    delete({ signal }?: PushOptions): Promise<void>;
    start(): void;
    stop({ timeout }?: {
        readonly timeout?: Duration | undefined;
    }): Promise<boolean>;
}
type RemoteWriteVersion = "1.0" | "2.0";
interface RemoteWriteCounts {
    readonly gathered: number;
    readonly written: number;
    readonly rejected: number;
    readonly dropped: {
        readonly queue_full: number;
        readonly too_old: number;
        readonly stopped: number;
    };
    readonly pending: number;
}
interface RemoteWriterOptions extends ClientOptions {
    readonly registry?: Gatherer | undefined;
    readonly labels?: Readonly<Record<string, LabelInput>> | undefined;
    readonly interval?: Duration | undefined;
    readonly version?: RemoteWriteVersion | undefined;
    readonly nativeHistograms?: boolean | undefined;
    readonly customBuckets?: boolean | undefined;
    readonly onStop?: "stale" | "keep" | undefined;
    readonly shards?: number | undefined;
    readonly maxSamplesPerRequest?: number | undefined;
    readonly maxQueueBytes?: number | undefined;
    readonly maxSampleAge?: Duration | undefined;
    readonly retry?: Omit<DeliveryRetryOptions, "attempts"> | undefined;
    readonly logger?: Logger | undefined;
    readonly selfMetrics?: Registry | undefined;
}
interface RemoteWriteFlushOptions {
    readonly timeout?: Duration | undefined;
    readonly signal?: AbortSignal | undefined;
}
interface RemoteWriteStopOptions {
    readonly timeout?: Duration | undefined;
}
declare class RemoteWriter {
    #private;
    constructor(options: RemoteWriterOptions, sources?: DeliverySources);
    get counts(): RemoteWriteCounts;
    start(): void;
    flush({ timeout, signal }?: RemoteWriteFlushOptions): Promise<RemoteWriteCounts>;
    stop({ timeout }?: RemoteWriteStopOptions): Promise<RemoteWriteCounts>;
}
interface TextfileOptions {
    readonly registry?: Gatherer | undefined;
    readonly signal?: AbortSignal | undefined;
}
interface TextfileReport {
    readonly bytes: number;
    readonly failures: readonly CollectorFailure[];
}
declare function writeTextfile(path: string, options?: TextfileOptions): Promise<TextfileReport>;
declare class TextfileWriter {
    #private;
    readonly path: string;
    constructor(path: string, { registry }?: Pick<TextfileOptions, "registry">);
    readonly write: ({ signal }?: Pick<TextfileOptions, "signal">) => Promise<TextfileReport>;
    remove(): Promise<void>;
}
interface ManualClockOptions {
    readonly wall?: number;
}
declare class ManualClock implements Clock {
    #private;
    constructor({ wall }?: ManualClockOptions);
    now(): number;
    wall(): number;
    get pendingTimers(): number;
    setTimeout(callback: () => void, delayMs: number): ClockTimer;
    clearTimeout(timer: ClockTimer): void;
    advance(duration: Duration): Promise<void>;
    block(duration: Duration): void;
    setWall(wall: number): void;
}
interface StatusPageOptions {
    readonly registry?: Gatherer | undefined;
    readonly scheduler?: TaskSource | undefined;
    readonly name?: string | undefined;
    readonly description?: string | undefined;
    readonly version?: string | undefined;
    readonly history?: "open" | "always" | undefined;
    readonly maxViewers?: number | undefined;
    readonly runTasks?: boolean | undefined;
    readonly allowedHosts?: readonly string[] | undefined;
    readonly traceUrl?: string | undefined;
}
interface TaskSource {
    readonly tasks?: readonly ShownTask[] | undefined;
}
interface ShownTask extends Pick<Task, "name" | "status"> {
    runNow?(): unknown;
}
interface StatusPage extends NodeListener {
    close(): void;
}
declare function statusPage(options?: StatusPageOptions): StatusPage;
interface ProcessUsage {
    readonly descriptors: number;
    readonly handles: number;
    readonly memoryMb: number;
}
declare function processUsage(): ProcessUsage;
interface HostileTarget {
    readonly host: string;
    readonly port: number;
    readonly path?: string;
    readonly tls?: ConnectionOptions;
    readonly patienceMs?: number;
    readonly scrapeMs?: number;
    readonly usage?: () => ProcessUsage | Promise<ProcessUsage>;
    readonly baseline?: ProcessUsage;
}
interface HostileCase {
    readonly name: string;
    readonly isSlow?: true;
    readonly run: (target: HostileTarget) => Promise<void>;
}
declare function runHostileCase(hostileCase: HostileCase, target: HostileTarget): Promise<void>;
declare function assertUnharmed(target: HostileTarget): Promise<void>;
declare const hostileCases: readonly HostileCase[];
type Source = Gatherer | Registrable;
declare function renderMetric(source: Source, format?: Format): Promise<string>;
interface AssertExpositionOptions {
    readonly names?: readonly string[];
}
declare function assertExposition(source: Source, expected: string, options?: AssertExpositionOptions): Promise<void>;
interface Increase {
    readonly name: string;
    readonly labels?: Labels;
    readonly by?: number;
}
declare function assertIncreases<T>(source: Source, increase: Increase, fn: () => T): Promise<Awaited<T>>;
declare function assertNoSeriesLeak<T>(source: Source, fn: () => T): Promise<Awaited<T>>;
declare function sampleValue(source: Source, name: string, labels?: Labels): Promise<number | undefined>;
interface MeetingOptions {
    readonly directory?: string | undefined;
    readonly group?: string | undefined;
}
interface CollectWorkersOptions extends MeetingOptions {
    readonly label?: string | undefined;
}
declare function collectWorkers(options?: CollectWorkersOptions): Gatherer;
interface JoinWorkersOptions extends MeetingOptions {
    readonly registry?: Gatherer | undefined;
    readonly saveInterval?: Duration | undefined;
    readonly onError?: ((error: Error) => void) | undefined;
}
interface WorkerMembership {
    readonly worker: number;
    leave(): Promise<void>;
}
declare function joinWorkers(options?: JoinWorkersOptions): Promise<WorkerMembership>;
interface ThreadAddress {
    readonly url: string;
    readonly port: number | undefined;
}
interface ScrapeThreadOptions extends ScrapeOptions {
    readonly listen: string | number;
    readonly registry?: Gatherer;
    readonly path?: string;
    readonly maxRequests?: number;
    readonly webConfigFile?: string;
    readonly unhealthyAfterMs?: number;
    readonly logger?: Logger;
    readonly onError?: (failure: CollectorFailure) => void;
}
interface RunningScrapeThread {
    readonly address: ThreadAddress;
    stop(): Promise<void>;
}
declare function startScrapeThread(options: ScrapeThreadOptions): Promise<RunningScrapeThread>;
export {
  BatchJob,
  ByteWriter,
  Counter,
  CounterChild,
  Gathering,
  Gauge,
  GaugeChild,
  Histogram,
  HistogramChild,
  HttpServerMetrics,
  Info,
  InfoChild,
  LabelValues,
  ManualClock,
  Merged,
  OpenTelemetryReader,
  OtlpExporter,
  ParseError,
  PeakGauge,
  PeakGaugeChild,
  PushError,
  Pushgateway,
  RefreshedCollector,
  Registry,
  RegistryView,
  RemoteWriter,
  Scheduler,
  StateSet,
  StateSetChild,
  Summary,
  SummaryChild,
  TextfileWriter,
  ZEROPROM_REGISTRY,
  ZeropromModule,
  acceptsGzip,
  adoptRegistry,
  assertExposition,
  assertIncreases,
  assertNoSeriesLeak,
  assertUnharmed,
  buildInfo,
  checkLabelName,
  checkMetricName,
  collectDefaults,
  collectNodeRuntime,
  collectProcess,
  collectWorkers,
  createLogger,
  defaultBuckets,
  defaultRegistry,
  elysiaMetrics,
  encodeFamily,
  encodeGathering,
  escapeName,
  exponentialBuckets,
  exponentialBucketsRange,
  expositionEncoder,
  expressMetrics,
  fastifyMetrics,
  fetchTransport,
  formatDuration,
  formats,
  h3Metrics,
  hapiMetrics,
  honoMetrics,
  hostileCases,
  instrumentFetch,
  instrumentHttpClient,
  instrumentListener,
  isLegacyLabelName,
  isLegacyMetricName,
  joinWorkers,
  koaMetrics,
  labelPairs,
  linearBuckets,
  lint,
  metricProvider,
  metricsFetchHandler,
  metricsHandler,
  negotiate,
  onlyValue,
  openMetrics,
  openMetrics0,
  openMetrics2,
  openTelemetryExemplars,
  parse,
  parseDuration,
  parseNumber,
  parseOpenMetrics,
  parseProtobuf,
  parseText,
  probeHandler,
  processUsage,
  protobuf,
  rateLimitedLogger,
  readOpenMetrics,
  readOverrides,
  readSnapshot,
  readText,
  refreshed,
  renderMetric,
  runExporter,
  runHostileCase,
  sampleValue,
  snapshotOf,
  startScrapeThread,
  statusPage,
  systemClock,
  text,
  textUtf8,
  toSnakeCase,
  unescapeName,
  version,
  withLinger,
  writeTextfile,
  yogaMetrics,
};
export type { AcceptedClause, AcrossWorkers, AdoptOptions, AssertExpositionOptions, AttributeValue, Background, BackgroundTask, BackoffOptions, BasicAuth, BatchJobContext, BatchJobOptions, BucketsSnapshot, Build, BuildInfoOptions, Chunk, Chunks, ClientOptions, ClientTls, Clock, ClockTimer, CollectContext, CollectWorkersOptions, Collector, CollectorFailure, CollectorFlag, CollectorHandle, CollectorOptions, CollectorRegistry, CompositeHistogram, CompositeSummary, CompositeValue, CounterOptions, DefaultCollectors, DefaultsOptions, DeliveryRetryOptions, DeliverySources, Descriptor, DirectCollector, Duration, DurationOptions, DurationRules, Encodable, EncodeOptions, EncodedValues, Encoder, EncoderOptions, ErrorFilter, Escaping, Exemplar, ExemplarPart, ExemplarSnapshot, ExemplarSource, ExporterCollector, ExporterOptions, FamilySnapshot, FetchOptions, FetchTransportOptions, Finding, Flag, FlagValues, Flags, ForeignRegistry, Format, FormatEncoder, FormatOptions, GatherOptions, Gatherer, GaugeOptions, GroupingKey, H3Middleware, HandlerOptions, HistogramChoice, HistogramOptions, HistogramShape, HistogramSnapshot, HistogramValue, HonoOptions, HostileCase, HostileTarget, HttpClientOptions, HttpNames, HttpServerOptions, Increase, InfoOptions, Jitter, JoinWorkersOptions, KoaOptions, LabelEncoding, LabelInput, LabelSchema, LabelSet, LabeledChild, Labels, LabelsOf, LateTimer, LineHandler, LingerOptions, Lingering, LintContext, LintFamily, LintOptions, Listener$1 as Listener, ListenerOptions, LogFormat, LogLevel, LogMethod, Logger, LoggerOptions, ManualClockOptions, MeasuredRequest, MeetingOptions, MetadataLine, MetricFamily, MetricOptions, MetricOverride, MetricProvider, MetricType, NativeBucketCounts, NativeHistogramSnapshot, NativeHistogramValue, NativeOptions, NegotiateOptions, Negotiated, NestProvider, NestToken, NodeListener, NodeRequest, NodeResponse, NodeRuntimeGroup, NodeRuntimeOptions, NormalizeLabel, NumberRows, OmissionListener, OpenMetricsOptions, OpenMetricsVersion, OpenTelemetryReaderOptions, OtlpExporterOptions, OtlpFlushOptions, OtlpProtocol, OtlpReport, OtlpTemporality, Overlap, OverrideFile, ParseErrorDetails, ParseLimits, ParseMode, ParseOptions, PeakGaugeOptions, Point, PointSnapshot, ProbeContext, ProbeHandlerOptions, ProbeModule, Problem, ProcessGroup, ProcessOptions, ProcessUsage, PushOptions, PushReport, PushgatewayOptions, QuantileOptions, QuantileSnapshot, QuantileValue, RateLimitOptions, RefreshedOptions, Registrable, RegistrableMetric, Registrar, RegistryOptions, RemoteWriteCounts, RemoteWriteFlushOptions, RemoteWriteStopOptions, RemoteWriteVersion, RemoteWriterOptions, RequestLabel, RetryOptions, RetrySources, ReuseOptions, RouteOf, Rule, RunContext, RunEnd, RunFailure, RunMiss, RunNowOptions, RunOutcome, RunResult, RunSkip, RunStart, RunningExporter, RunningScrapeThread, Sample, SampleLine, SchedulerEvents, SchedulerOptions, ScrapeOptions, ScrapeThreadOptions, Severity, ShownTask, SignableRequest, SkipCause, SnapshotNumber, Source, StateChange, StateSetOptions, StateSetSnapshot, StateSetValue, StatusPage, StatusPageOptions, StopOptions, StopReport, SummaryOptions, SummarySnapshot, SummaryValue, Task, TaskCounts, TaskFunction, TaskOptions, TaskSource, TaskState, TaskStatus, TextMetadataLine, TextfileOptions, TextfileReport, ThreadAddress, Timer, Transport, TransportRequest, TransportResponse, TypeMetadataLine, WindowOptions, WorkerMembership, WriteLimits, ZeropromModuleDefinition, ZeropromModuleOptions };
