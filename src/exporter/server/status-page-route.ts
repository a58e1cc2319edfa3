import type { Setting } from '../../status-page/protocol.ts';
import type { PageContext, StatusPageOptions } from '../../status-page/server/page-options.ts';
import type { StatusPage } from '../../status-page/server/status-page.ts';
import type { Route } from './router.ts';

/** Settings of the status page, as plain data. */
export interface StatusPageSettings {
  readonly isHistoryKept: boolean;
  readonly traceUrl: string | undefined;
  readonly settings: readonly Setting[];
  /** Whether the page is served by a scrape thread; false by default. */
  readonly isThreaded?: boolean;
}

const THREAD_NOTE =
  'The page is served by the scrape thread, which cannot see the heap, the event loop and the garbage collection of the main thread: see the metrics nodejs_*.';

interface ServerOptions
  extends Pick<StatusPageOptions, 'name' | 'description' | 'version' | 'registry' | 'scheduler' | 'allowedHosts'> {
  readonly isLifecycleEnabled?: boolean;
}

/** Returns the status page of an exporter. */
export function statusPageRoute(
  { isHistoryKept, traceUrl, settings, isThreaded = false }: StatusPageSettings,
  { name, description, version, registry, scheduler, allowedHosts, isLifecycleEnabled }: ServerOptions,
  parts: Pick<PageContext, 'links' | 'health' | 'scrapes'>,
): StatusPageRoute {
  const history = isHistoryKept ? 'always' : 'open';
  const options = { name, description, version, registry, scheduler, allowedHosts, history, traceUrl } as const;
  return new StatusPageRoute(
    { ...options, runTasks: isLifecycleEnabled },
    {
      ...parts,
      configuration: settings,
      measures: isThreaded ? 'thread' : 'all',
      notes: isThreaded ? [THREAD_NOTE] : [],
      runRefusal: 'Running tasks is not enabled: see --web.enable-lifecycle.',
    },
  );
}

/** The status page, which is loaded at the first visit, or at the start if its history is kept. */
export class StatusPageRoute {
  /** POST runs tasks. The page itself refuses it for everything else. */
  readonly route: Route = {
    methods: ['GET', 'HEAD', 'OPTIONS', 'POST'],
    listener: async (request, response) => (await this.#load())(request, response),
  };
  readonly #options: StatusPageOptions;
  readonly #context: PageContext;
  #page: Promise<StatusPage> | undefined;

  constructor(options: StatusPageOptions, context: PageContext) {
    this.#options = options;
    this.#context = context;
  }

  async start(): Promise<void> {
    if (this.#options.history === 'always') await this.#load();
  }

  /** Disconnects the viewers. */
  async close(): Promise<void> {
    (await this.#page)?.close();
  }

  #load(): Promise<StatusPage> {
    this.#page ??= import('../../status-page/server/status-page.ts').then(({ createStatusPage }) =>
      createStatusPage(this.#options, this.#context),
    );
    return this.#page;
  }
}
