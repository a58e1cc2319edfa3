import type { IncomingMessage, ServerResponse } from 'node:http';
import { CROSS_SITE, isFromOtherSite, refusalOf } from '../../http/allowed-host.ts';
import { type NodeListener, nodeListener } from '../../http/node-listener.ts';
import { sendAllowed, sendFailure, sendText } from '../../http/response/short-answer.ts';
import { numberOption } from '../../model/number-option.ts';
import { checkOptionNames, type OptionNames } from '../../model/option-names.ts';
import { callUserCode } from '../../model/thrown.ts';
import { defaultRegistry } from '../../registry/default-registry.ts';
import type { Gatherer } from '../../registry/gathering.ts';
import { systemClock } from '../../scheduler/clock.ts';
import { ProcessProbe } from '../sampling/process-probe.ts';
import { SampleGrid } from '../sampling/sample-grid.ts';
import type { PageContext, StatusPageOptions } from './page-options.ts';
import { PageScope } from './page-scope.ts';
import { ViewerPlaces } from './viewers.ts';
import { WorkerScopes } from './worker-scopes.ts';

const INTERVAL_MS = 1000;
const MAX_VIEWERS = 10;
/** Choices of workers that are remembered. A page that is closed may be opened again. */
const MAX_CHOICES_PER_VIEWER = 2;
const METHODS = ['GET', 'HEAD', 'OPTIONS'];

const OPTIONS: OptionNames<StatusPageOptions> = {
  registry: true,
  scheduler: true,
  name: true,
  description: true,
  version: true,
  history: true,
  maxViewers: true,
  runTasks: true,
  allowedHosts: true,
  traceUrl: true,
};

/** A status page, which `close()` ends. */
export interface StatusPage extends NodeListener {
  /** Disconnects the viewers and stops sampling. Call it before the server closes, which would wait for them. */
  close(): void;
}

/**
 * Creates a listener that serves a live page about this process: its metrics with their history, collectors and tasks, and
 * the process itself. It does not look at the path of a request, so it can be mounted at any path. Nothing is gathered
 * while no page is open, and at most once a second otherwise, whatever the number of viewers. The page shows everything
 * that the registry has: protect it as you protect the metrics.
 *
 * The listener also takes the request and the reply of Fastify, and those of Express and Nest.
 *
 * @throws {TypeError | RangeError} if an option is unknown or invalid.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { Counter, Registry } from 'zeroprom';
 * import { statusPage } from 'zeroprom/status-page';
 *
 * const registry = new Registry();
 * new Counter({ name: 'requests_total', help: 'Total number of requests.', registry }).inc();
 * const page = statusPage({ registry, name: 'shop' });
 * const server = createServer(page).listen(0);
 * page.close();
 * server.close();
 * ```
 */
export function statusPage(options: StatusPageOptions = {}): StatusPage {
  checkOptionNames('statusPage()', options, OPTIONS);
  return createStatusPage(options, {});
}

/** Creates the page of an exporter or of the `zeroprom` command. */
export function createStatusPage(options: StatusPageOptions, context: PageContext): StatusPage {
  checkOptions(options);
  const { registry = defaultRegistry, maxViewers = MAX_VIEWERS, history } = options;
  const { clock = systemClock, intervalMs = INTERVAL_MS, measures = 'all' } = context;
  const probe = measures === 'none' ? undefined : new ProcessProbe(measures === 'all');
  const grid = new SampleGrid(intervalMs);
  const shared = { options, context, clock, grid, places: new ViewerPlaces(maxViewers) };
  const all = new PageScope(shared, { shown: 'all', registry, probe });
  const workers = new WorkerScopes(shared, MAX_CHOICES_PER_VIEWER * maxViewers);
  const stopKeeping = history === 'always' ? all.keepHistory() : () => {};
  const listener = nodeListener((request, response) => {
    callUserCode(
      () => answer(request, response, { options, context, registry, all, workers }),
      () => sendFailure(request, response, 'The request failed.\n'),
    );
  });
  const close = () => {
    stopKeeping();
    workers.close();
    all.close();
  };
  return Object.assign(listener, { close });
}

interface Parts {
  readonly options: StatusPageOptions;
  readonly context: PageContext;
  readonly registry: Gatherer;
  readonly all: PageScope;
  readonly workers: WorkerScopes;
}

function answer(request: IncomingMessage, response: ServerResponse, parts: Parts): unknown {
  const { method = '', url = '' } = request;
  const query = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '');
  const task = query.get('run');
  if (task !== null) return runTask(request, response, task, parts);
  if (method !== 'GET' && method !== 'HEAD') return sendAllowed(request, response, METHODS);
  // A page of another site cannot read an answer, but it could keep viewers out, and the process busy.
  const isForeign = query.size > 0 && isFromOtherSite(request);
  const isLink = query.size === 1 && query.has('worker'); // The program of the page asks for the worker itself.
  if (isForeign && !isLink) return sendText(request, response, 403, CROSS_SITE);
  const scope = scopeOf(isForeign ? null : query.get('worker'), parts);
  if (scope === 'unknown') return sendText(request, response, 404, 'No such worker.\n');
  if (scope === 'full') return sendText(request, response, 503, 'Too many workers are shown, try again later.\n');
  if (query.has('events')) return scope.viewers.add(request, response);
  return scope.reader.answer(request, response, query);
}

function scopeOf(worker: string | null, { registry, all, workers }: Parts): PageScope | 'unknown' | 'full' {
  if (worker === null || worker === 'all') return all;
  if (registry.workers === undefined || !/^(?:each|0|[1-9]\d{0,5})$/.test(worker)) return 'unknown';
  return workers.get(registry.workers, worker === 'each' ? worker : Number(worker)) ?? 'full';
}

/** Runs a task, without waiting for its end: the page shows its state. */
function runTask(
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
  { options, context }: Pick<Parts, 'options' | 'context'>,
): unknown {
  const { runTasks = false, allowedHosts = [], scheduler } = options;
  const { runRefusal = 'Running tasks is not enabled.' } = context;
  if (request.method !== 'POST') return sendAllowed(request, response, ['POST']);
  const refusal = runTasks ? refusalOf(request, allowedHosts) : `${runRefusal}\n`;
  if (refusal !== undefined) return sendText(request, response, 403, refusal);
  const task = scheduler?.tasks?.find((candidate) => candidate.name === name);
  if (task?.runNow === undefined) return sendText(request, response, 404, 'No such task.\n');
  callUserCode(() => task.runNow?.());
  return sendText(request, response, 202, 'Started.\n');
}

function checkOptions({ maxViewers, history = 'open', traceUrl }: StatusPageOptions): void {
  numberOption(maxViewers, {
    name: 'maxViewers',
    byDefault: MAX_VIEWERS,
    isAllowed: (value) => Number.isInteger(value) && value >= 1,
    rule: 'an integer of at least 1',
  });
  if (history !== 'open' && history !== 'always') {
    throw new RangeError(`history must be open or always, got ${String(history)}.`);
  }
  if (traceUrl !== undefined && !/^https?:\/\//i.test(traceUrl)) {
    throw new RangeError(`traceUrl must start with http:// or https://, got ${JSON.stringify(traceUrl)}.`);
  }
}
