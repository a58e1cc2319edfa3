import { randomUUID } from 'node:crypto';
import { formatsOnRequest } from '../../exposition/formats-on-request.ts';
import { chooseOnRequest } from '../../exposition/negotiation.ts';
import { thrownText } from '../../model/thrown.ts';
import { rounded } from '../history/time-ring.ts';
import type {
  About,
  FullMessage,
  Health,
  PageCost,
  ProcessState,
  ScrapeRecord,
  Setting,
  Workers,
} from '../protocol.ts';
import type { FamilyRecord } from '../sampling/family-record.ts';
import { HISTORY_MS, type Sampler } from '../sampling/sampler.ts';
import { cut } from '../sampling/shown-text.ts';
import type { PageContext, StatusPageOptions } from './page-options.ts';
import { scrapedProcess, scrapedStart, scrapedVersion } from './scraped-process.ts';
import { taskStates } from './task-states.ts';
import { workersIn } from './worker-list.ts';

/** More reasons are not shown. */
const MAX_REASONS = 20;
/** Gauges with the number of requests in flight, by the names that instrumentation uses. */
const IN_FLIGHT = ['http_requests_in_flight', 'http_server_active_requests'];

/** Returns the family with the number of requests in flight. */
export function requestsInFlight({ table }: Sampler): FamilyRecord | undefined {
  return IN_FLIGHT.map((name) => table.get(name)).find((record) => typeof record?.values.value === 'number');
}

/** Cost of the viewers, as the page shows it. */
export type ViewerCost = Pick<PageCost, 'viewers' | 'sentBytes'>;

/** The parts of a message as they are now. */
export class StatusSource {
  readonly session = randomUUID();
  readonly #options: StatusPageOptions;
  readonly #context: PageContext;
  readonly #sampler: Sampler;
  readonly #shown: string;

  /** `shown` are the workers whose metrics the sampler has. */
  constructor(options: StatusPageOptions, context: PageContext, sampler: Sampler, shown: string) {
    this.#shown = shown;
    this.#options = options;
    this.#context = context;
    this.#sampler = sampler;
  }

  get parts(): Omit<FullMessage, 'families' | 'cost' | 'session'> {
    const tasks = this.#options.scheduler?.tasks;
    const { scrapes, configuration = [], isOtherProgram } = this.#context;
    const { time, table, collectors } = this.#sampler;
    return {
      time,
      about: this.about,
      health: this.health,
      process: this.#process,
      workers: this.workers,
      omittedFamilies: table.omitted,
      collectors: collectors.list,
      tasks: tasks && taskStates(tasks),
      scrapes: scrapes?.().map(({ accept, userAgent, ...scrape }): ScrapeRecord => {
        return { ...scrape, userAgent: cut(userAgent), format: chooseOnRequest(accept).contentType };
      }),
      configuration: isOtherProgram ? undefined : [...configuration, ...FORMATS],
    };
  }

  get about(): About {
    const { name = 'Node.js', description = '', version = 'unknown', history, runTasks = false } = this.#options;
    const { links = [], notes = [], measures, isOtherProgram } = this.#context;
    const { table } = this.#sampler;
    return {
      name,
      description,
      version: isOtherProgram ? scrapedVersion(table) : version,
      ...(measures === 'none'
        ? { startedAt: scrapedStart(table) }
        : { node: process.version, pid: process.pid, startedAt: Math.round(performance.timeOrigin) }),
      links,
      canRunTasks: runTasks,
      traceUrl: this.#options.traceUrl,
      intervalMs: this.#sampler.intervalMs,
      historyMs: HISTORY_MS,
      isHistoryKept: history === 'always',
      notes,
    };
  }

  get workers(): Workers | undefined {
    const listed = workersIn(this.#sampler.table);
    return listed && { shown: this.#shown, canChoose: this.#options.registry?.workers !== undefined, ...listed };
  }

  /** The health that the exporter reports, or else what fails. */
  get health(): Health {
    const reported = this.#context.health?.() ?? { state: 'healthy', reasons: [] };
    if (reported.state !== 'healthy') return reported;
    const { problem, collectors } = this.#sampler;
    const failing = collectors.list.filter(({ state }) => state !== 'ok');
    const tasks = (this.#options.scheduler?.tasks ?? []).filter(({ status }) => status.consecutiveFailures > 0);
    const reasons = [
      ...(problem === undefined ? [] : [`the metrics cannot be gathered: ${cut(thrownText(problem))}`]),
      ...failing.map(({ name, state }) => `collector ${name} ${state === 'late' ? 'is too slow' : 'fails'}`),
      ...tasks.map(({ name }) => `task ${cut(name)} fails`),
    ];
    return { state: reasons.length === 0 ? 'healthy' : 'failing', reasons: reasons.slice(0, MAX_REASONS) };
  }

  cost({ viewers, sentBytes }: ViewerCost): PageCost {
    const { gatherMs, workMs, table } = this.#sampler;
    return {
      viewers,
      gatherMs: rounded(gatherMs),
      workMs: rounded(workMs),
      sentBytes,
      historyBytes: table.memory.bytes,
      trackedSeries: table.budget.used,
      untrackedSeries: table.records.reduce((sum, { series }) => sum + series.untracked, 0),
    };
  }

  get #process(): ProcessState | undefined {
    const process = this.#context.measures === 'none' ? scrapedProcess(this.#sampler.table) : this.#sampler.process;
    const gauge = requestsInFlight(this.#sampler)?.values.value;
    return typeof gauge === 'number' ? { ...process, requestsInFlight: gauge } : process;
  }
}

const FORMATS: readonly Setting[] = formatsOnRequest.map(({ contentType }) => {
  const help = 'Exposition format, chosen by the Accept header of a scraper.';
  return { group: 'Formats', name: contentType, value: 'offered', isDefault: true, help };
});
