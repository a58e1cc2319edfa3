import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { encodeGathering } from '../exposition/encode.ts';
import { negotiate } from '../exposition/negotiate.ts';
import { Counter } from '../metrics/counter.ts';
import { Gauge } from '../metrics/gauge.ts';
import { asError, thrownText } from '../model/thrown.ts';
import { callUserCode } from '../model/user-code.ts';
import { Registry as ProbeRegistry, type Registry } from '../registry/registry.ts';
import { refuseUnclear } from './ambiguous-requests.ts';
import { cutOff, isGone, onceClosed } from './response/closed.ts';
import { sendFailure, sendText } from './response/short-answer.ts';
import { limitWriting, SHORT_ANSWER } from './response/write-limits.ts';
import { scrapeBudgetMs } from './scrape/budget.ts';
import { BadRequest, parametersOf } from './scrape/query.ts';
import { RequestLimit } from './scrape/request-limit.ts';

/** What a probe may use. */
export interface ProbeContext {
  readonly target: string;
  /** Of this probe alone: metrics that are made here are shown in its answer, and nowhere else. */
  readonly registry: Registry;
  /** Aborts when the time is up, or nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** When the signal aborts, in milliseconds since the epoch; the signal does not depend on the system clock. */
  readonly deadline: number;
  /** Shown to who asks with `debug=true`. */
  readonly log: (message: string) => void;
}

/** A way to look at a target. */
export interface ProbeModule {
  /** Whether the target is as it should be; what it throws means that it is not. */
  readonly probe: (context: ProbeContext) => boolean | Promise<boolean>;
  /** The longest that it may take; as long as the scraper waits by default. */
  readonly timeoutMs?: number;
}

export interface ProbeHandlerOptions {
  readonly modules: Readonly<Record<string, ProbeModule>>;
  /** The module where nobody names one. */
  readonly defaultModule?: string;
  /** Which targets may be probed: who can reach this handler makes this machine connect to them. All by default. */
  readonly isAllowed?: (target: string) => boolean | Promise<boolean>;
  /** The status of the answer where a probe fails; 200 by default, so that `probe_success 0` and the rest are seen. */
  readonly failureStatus?: 200 | 503;
  /** Probes at the same time; others get status 503. 40 by default, 0 is any number. */
  readonly maxRequests?: number;
  /** Where `probe_module_unknown_total` is registered; nowhere by default. */
  readonly selfMetrics?: Registry;
}

interface Asked {
  readonly target: string;
  readonly module: ProbeModule;
  readonly isDebug: boolean;
  readonly timeoutMs: number;
}

interface Probed {
  readonly registry: Registry;
  readonly isSuccess: boolean;
  readonly logs: readonly string[];
}

const LONGEST_TARGET = 2048;
const MOST_LOGS = 200;
const LONGEST_LOG = 1000;

/**
 * Answers `?target=...&module=...` with what a module finds out about the target: an exporter for many targets. Beside the
 * metrics of the module there are `probe_success`, `probe_duration_seconds` and `probe_timeout_seconds`.
 */
export function probeHandler(options: ProbeHandlerOptions): RequestListener {
  const modules = new Map(Object.entries(options.modules));
  const limit = new RequestLimit(options.maxRequests ?? 40);
  const unknown = options.selfMetrics?.getOrCreate(Counter<readonly []>, {
    name: 'probe_module_unknown_total',
    help: 'Probes that asked for a module that there is not.',
  });
  return refuseUnclear((request, response) => {
    if (refuses(request, response)) return;
    const place = limit.enter(() => cutOff(response));
    if (place === undefined) return sendText(request, response, 503, limit.refusal);
    onceClosed(response, () => place.leave());
    callUserCode(
      () => answer(request, response, modules, options),
      (thrown) => {
        const error = asError(thrown);
        if (error instanceof UnknownModule) unknown?.inc();
        if (error instanceof BadRequest) sendText(request, response, 400, `${error.message}\n`);
        else sendFailure(request, response, 'The probe could not be answered.\n');
      },
    );
  });
}

class UnknownModule extends BadRequest {}

function refuses(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false;
  response.setHeader('Allow', 'GET, HEAD');
  sendText(request, response, 405, 'Method not allowed.\n');
  return true;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  modules: ReadonlyMap<string, ProbeModule>,
  options: ProbeHandlerOptions,
): Promise<void> {
  const asked = readQuery(request, modules, options.defaultModule);
  if ((await options.isAllowed?.(asked.target)) === false) throw new BadRequest('This target may not be probed.');
  const probed = await probe(asked, response);
  if (isGone(response)) return;
  const { format, escaping, contentType } = negotiate(asked.isDebug ? undefined : request.headers.accept);
  const body = encodeGathering(await probed.registry.gather(), format, { escaping });
  if (asked.isDebug) return sendText(request, response, 200, debugText(probed, body));
  limitWriting(response, SHORT_ANSWER);
  response.writeHead(probed.isSuccess ? 200 : (options.failureStatus ?? 200), {
    'Content-Type': contentType,
    'Content-Length': body.length,
    Vary: 'Accept',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function readQuery(
  { url = '', headers }: IncomingMessage,
  modules: ReadonlyMap<string, ProbeModule>,
  defaultModule: string | undefined,
): Asked {
  const parameters = parametersOf(url);
  const only = (key: string) => {
    const values = parameters.filter(([name]) => name === key).map(([, value]) => value);
    if (values.length > 1) throw new BadRequest(`The parameter ${key} is given more than once.`);
    return values[0] === '' ? undefined : values[0];
  };
  const target = only('target');
  if (target === undefined) throw new BadRequest('The parameter target is missing.');
  if (target.length > LONGEST_TARGET) throw new BadRequest(`A target has at most ${LONGEST_TARGET} characters.`);
  const name = only('module') ?? defaultModule;
  if (name === undefined) throw new BadRequest('The parameter module is missing.');
  const module = modules.get(name);
  if (module === undefined) throw new UnknownModule(`There is no module ${JSON.stringify(name.slice(0, 100))}.`);
  const header = headers['x-prometheus-scrape-timeout-seconds'];
  const timeoutMs = scrapeBudgetMs(typeof header === 'string' ? header : undefined, module.timeoutMs);
  return { target, module, isDebug: only('debug') === 'true', timeoutMs };
}

async function probe({ target, module, timeoutMs }: Asked, response: ServerResponse): Promise<Probed> {
  const registry = new ProbeRegistry({ selfMetrics: false });
  const logs: string[] = [];
  const log = (message: unknown) => void (logs.length < MOST_LOGS && logs.push(lineOf(message)));
  const gauge = (name: string, help: string, unit?: string) =>
    new Gauge({ name, help, registry, ...(unit === undefined ? {} : { unit }) });
  const success = gauge('probe_success', 'Whether the target is as it should be.');
  const duration = gauge('probe_duration_seconds', 'How long the probe took.', 'seconds');
  gauge('probe_timeout_seconds', 'How long the probe might have taken.', 'seconds').set(timeoutMs / 1000);
  const began = performance.now();
  const isSuccess = await judged({ target, module, timeoutMs, registry, log }, response);
  duration.set((performance.now() - began) / 1000);
  success.set(Number(isSuccess));
  return { registry, isSuccess, logs: [...logs] };
}

interface Judging extends Pick<Asked, 'target' | 'module' | 'timeoutMs'>, Pick<ProbeContext, 'registry' | 'log'> {}

/** False where the module says so, throws or is late. */
async function judged({ module, timeoutMs, ...rest }: Judging, response: ServerResponse): Promise<boolean> {
  const controller = new AbortController();
  const { signal } = controller;
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const timer = setTimeout(() => controller.abort(new Error(`It took longer than ${timeoutMs} ms.`)), timeoutMs);
  let isOver = false;
  onceClosed(response, () => {
    if (!isOver) controller.abort(new Error('The scraper has gone.'));
  });
  try {
    const deadline = Date.now() + timeoutMs;
    const work = async () => await module.probe({ ...rest, signal, deadline });
    return (await Promise.race([work(), late])) === true;
  } catch (error) {
    rest.log(thrownText(error));
    return false;
  } finally {
    clearTimeout(timer);
    isOver = true;
  }
}

/** Modules may log anything. */
function lineOf(message: unknown): string {
  return typeof message === 'string' ? message.slice(0, LONGEST_LOG) : thrownText(message);
}

function debugText({ logs }: Probed, body: Buffer): string {
  return `Logs for the probe:\n${logs.map((line) => `${JSON.stringify(line)}\n`).join('')}\n\nMetrics that would have been returned:\n${body}`;
}
