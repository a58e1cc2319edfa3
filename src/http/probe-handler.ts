import type { IncomingMessage, ServerResponse } from 'node:http';
import { encodeGathering } from '../exposition/encode.ts';
import { chooseOnRequest } from '../exposition/negotiation.ts';
import { Counter } from '../metrics/counter.ts';
import { Gauge } from '../metrics/gauge.ts';
import { checkMilliseconds } from '../model/number-option.ts';
import { checkOptionNames, type OptionNames } from '../model/option-names.ts';
import { asError, callUserCode, thrownText } from '../model/thrown.ts';
import { Deadline } from '../registry/deadline.ts';
import { Registry } from '../registry/registry.ts';
import { type NodeListener, nodeListener } from './node-listener.ts';
import { closeSignal, isDisconnected } from './response/response-close.ts';
import { sendAllowed, sendFailure, sendText } from './response/short-answer.ts';
import { limitWriting, SHORT_ANSWER } from './response/write-limits.ts';
import { BadRequest, parametersOf, scrapeTimeoutMs } from './scrape/query.ts';
import { RequestLimit, takeSlot } from './scrape/request-limit.ts';

/** The context of a single probe, passed to the `probe` function of a module. */
export interface ProbeContext {
  /** The target to probe, as given in the query. Any client of the handler can choose it. */
  readonly target: string;
  /** A registry for this probe only: metrics created in it are exposed in the response to this probe. */
  readonly registry: Registry;
  /** Aborts when the time of the probe is up or the client has disconnected. Pass it to everything that waits. */
  readonly signal: AbortSignal;
  /**
   * When the signal aborts, in milliseconds since the epoch. The signal aborts on time even if the system clock is
   * changed.
   */
  readonly deadline: number;
  /** Logs a message, which is shown to clients that add `debug=true` to the query. */
  readonly log: (message: string) => void;
}

/** A way to probe targets, such as HTTP or DNS. */
export interface ProbeModule {
  /**
   * Probes a target. Returns whether the probe succeeded, which becomes `probe_success`; a probe that throws or rejects
   * has failed.
   */
  readonly probe: (context: ProbeContext) => boolean | Promise<boolean>;
  /**
   * Maximum duration of a probe, in milliseconds.
   *
   * @defaultValue the scrape timeout that the scraper sends, less a tenth and at most half a second; `10_000` if it
   * sends none
   */
  readonly timeoutMs?: number;
}

const MODULE_OPTIONS: OptionNames<ProbeModule> = {
  probe: true,
  timeoutMs: true,
};

/** Options of `probeHandler()`. */
export interface ProbeHandlerOptions {
  /** The modules by name, as given in the query parameter `module`. */
  readonly modules: Readonly<Record<string, ProbeModule>>;
  /**
   * Name of the module to use if the query has no `module`.
   *
   * @defaultValue none: the query must name a module
   */
  readonly defaultModule?: string;
  /**
   * Whether a target may be probed. Every client that can reach the handler can otherwise make this machine connect to
   * any address that it can reach.
   *
   * @defaultValue all targets are allowed
   */
  readonly isAllowed?: (target: string) => boolean | Promise<boolean>;
  /**
   * Status code of the response to a probe that failed. With 200, Prometheus stores `probe_success 0` and the other
   * samples.
   *
   * @defaultValue `200`
   */
  readonly failureStatus?: 200 | 503;
  /**
   * Maximum number of concurrent probes; further ones are answered with status 503. 0 for no limit.
   *
   * @defaultValue `40`
   */
  readonly maxRequests?: number;
  /**
   * Registry for `probe_module_unknown_total`, the number of probes that named an unknown module.
   *
   * @defaultValue it is not registered
   */
  readonly selfMetrics?: Registry;
}

const PROBE_OPTIONS: OptionNames<ProbeHandlerOptions> = {
  modules: true,
  defaultModule: true,
  isAllowed: true,
  failureStatus: true,
  maxRequests: true,
  selfMetrics: true,
};

interface ProbeRequest {
  readonly target: string;
  readonly module: ProbeModule;
  readonly isDebug: boolean;
  readonly timeoutMs: number;
}

interface ProbeResult {
  readonly registry: Registry;
  readonly isSuccess: boolean;
  readonly logs: readonly string[];
}

const METHODS = ['GET', 'HEAD'];
const MAX_TARGET_LENGTH = 2048;
const MAX_LOGS = 200;
const MAX_LOG_LENGTH = 1000;

/**
 * Creates a listener that probes a target per request, as the blackbox exporter does: `?target=...&module=...` runs the
 * `probe` function of a module. The response has the metrics that it created, and `probe_success`,
 * `probe_duration_seconds` and `probe_timeout_seconds`. With `debug=true` it also has the logs of the probe. Like that of
 * `metricsHandler()`, the listener returns a promise and takes the requests of frameworks.
 *
 * @throws {TypeError} for an unknown option, and if `maxRequests` or the `timeoutMs` of a module is not a number.
 * @throws {RangeError} if `maxRequests` is not an integer of at least 0, or the `timeoutMs` of a module is not above 0.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { Gauge } from 'zeroprom';
 * import { type ProbeModule, probeHandler } from 'zeroprom/http';
 *
 * const http: ProbeModule = {
 *   probe: async ({ target, registry, signal }) => {
 *     const response = await fetch(target, { signal, redirect: 'manual' });
 *     await response.body?.cancel();
 *     const status = new Gauge({ name: 'probe_http_status_code', help: 'Status code of the response.', registry });
 *     status.set(response.status);
 *     return response.ok;
 *   },
 * };
 * const server = createServer(probeHandler({ modules: { http }, isAllowed: (target) => URL.canParse(target) }));
 * server.listen(0, () => server.close());
 * ```
 */
export function probeHandler(options: ProbeHandlerOptions): NodeListener {
  checkOptionNames('probeHandler()', options, PROBE_OPTIONS);
  const modules = new Map(Object.entries(options.modules));
  for (const [name, module] of modules) {
    checkOptionNames(`Module ${name}`, module, MODULE_OPTIONS);
    checkMilliseconds(`timeoutMs of module ${name}`, module.timeoutMs);
  }
  const limit = new RequestLimit(options.maxRequests);
  const unknownModules = options.selfMetrics?.getOrCreate(Counter<readonly []>, {
    name: 'probe_module_unknown_total',
    help: 'Total number of probes that asked for an unknown module.',
  });
  return nodeListener((request, response) => {
    if (!METHODS.includes(request.method ?? '')) return sendAllowed(request, response, METHODS);
    if (takeSlot(limit, request, response) === undefined) return;
    callUserCode(
      () => answer(request, response, modules, options),
      (thrown) => {
        const error = asError(thrown);
        if (error instanceof UnknownModule) unknownModules?.inc();
        if (error instanceof BadRequest) sendText(request, response, 400, `${error.message}\n`);
        else sendFailure(request, response, 'The probe could not be answered.\n');
      },
    );
  });
}

class UnknownModule extends BadRequest {}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  modules: ReadonlyMap<string, ProbeModule>,
  options: ProbeHandlerOptions,
): Promise<void> {
  const parsed = parseProbeRequest(request, modules, options.defaultModule);
  if ((await options.isAllowed?.(parsed.target)) === false) throw new BadRequest('This target must not be probed.');
  const result = await runProbe(parsed, response);
  if (isDisconnected(response)) return;
  const { format, escaping, contentType } = chooseOnRequest(parsed.isDebug ? undefined : request.headers.accept);
  const body = encodeGathering(await result.registry.gather(), await format.load(), { escaping });
  if (parsed.isDebug) {
    const lines = result.logs.map((line) => `${JSON.stringify(line)}\n`).join('');
    const text = `Logs for the probe:\n${lines}\n\nMetrics that would have been returned:\n${body}`;
    return sendText(request, response, 200, text);
  }
  limitWriting(response, SHORT_ANSWER);
  response.writeHead(result.isSuccess ? 200 : (options.failureStatus ?? 200), {
    'Content-Type': contentType,
    'Content-Length': body.length,
    Vary: 'Accept',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function parseProbeRequest(
  { url = '', headers }: IncomingMessage,
  modules: ReadonlyMap<string, ProbeModule>,
  defaultModule: string | undefined,
): ProbeRequest {
  const parameters = parametersOf(url);
  const single = (key: string) => {
    const values = parameters.filter(([name]) => name === key).map(([, value]) => value);
    if (values.length > 1) throw new BadRequest(`The parameter ${key} must not be repeated.`);
    return values[0] === '' ? undefined : values[0];
  };
  const target = single('target');
  if (target === undefined) throw new BadRequest('The parameter target is missing.');
  if (target.length > MAX_TARGET_LENGTH) {
    throw new BadRequest(`A target must have at most ${MAX_TARGET_LENGTH} characters.`);
  }
  const name = single('module') ?? defaultModule;
  if (name === undefined) throw new BadRequest('The parameter module is missing.');
  const module = modules.get(name);
  if (module === undefined) throw new UnknownModule(`Unknown module ${JSON.stringify(name.slice(0, 100))}.`);
  const header = headers['x-prometheus-scrape-timeout-seconds'];
  const timeoutMs = scrapeTimeoutMs(typeof header === 'string' ? header : undefined, module.timeoutMs);
  return { target, module, isDebug: single('debug') === 'true', timeoutMs };
}

async function runProbe({ target, module, timeoutMs }: ProbeRequest, response: ServerResponse): Promise<ProbeResult> {
  const registry = new Registry({ selfMetrics: false });
  const logs: string[] = [];
  // Modules may log values of any type.
  const log = (message: unknown) => {
    if (logs.length >= MAX_LOGS) return;
    logs.push(typeof message === 'string' ? message.slice(0, MAX_LOG_LENGTH) : thrownText(message));
  };
  const success = new Gauge({ name: 'probe_success', help: 'Whether the probe succeeded.', registry });
  const seconds = (name: string, help: string) => new Gauge({ name, help, unit: 'seconds', registry });
  const duration = seconds('probe_duration_seconds', 'Duration of the probe in seconds.');
  seconds('probe_timeout_seconds', 'Time limit of the probe in seconds.').set(timeoutMs / 1000);
  const began = performance.now();
  const isSuccess = await hasSucceeded(module, timeoutMs, { target, registry, log }, response);
  duration.set((performance.now() - began) / 1000);
  success.set(Number(isSuccess));
  return { registry, isSuccess, logs: [...logs] };
}

/** False if the probe returns anything but true, throws or does not finish in time. */
async function hasSucceeded(
  module: ProbeModule,
  timeoutMs: number,
  context: Pick<ProbeContext, 'target' | 'registry' | 'log'>,
  response: ServerResponse,
): Promise<boolean> {
  const controller = new AbortController();
  const { signal } = controller;
  const limits = { signal: closeSignal(response), timeoutMs };
  const deadline = new Deadline(limits, (reason) => controller.abort(reason));
  const probe = async () => await module.probe({ ...context, signal, deadline: Date.now() + timeoutMs });
  try {
    return (await deadline.race(probe())) === true;
  } catch (error) {
    context.log(thrownText(error));
    return false;
  } finally {
    deadline.end();
  }
}
