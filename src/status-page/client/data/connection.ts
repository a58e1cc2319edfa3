import type { CardinalityReport, SeriesPage } from '../../detail-protocol.ts';
import type { ChangesMessage, FullMessage, HistoryMessage } from '../../protocol.ts';
import type { Store } from './store.ts';

/** A proxy that has not passed on the first event after this long keeps them back. */
const FIRST_EVENT_MS = 4000;
const POLL_MS = 2000;
/** A page in the background stops watching after this long. */
const HIDDEN_MS = 60_000;

export type ConnectionState = 'connecting' | 'live' | 'polling' | 'lost' | 'asleep';

/** Receives messages: as events, or by polling if they do not arrive. */
export class Connection {
  state: ConnectionState = 'connecting';
  readonly #store: Store;
  readonly #onState: () => void;
  #events: EventSource | undefined;
  #timer = 0;
  #hiddenTimer = 0;
  /** Increases when a connection ends, so that its last answer is ignored. */
  #attempt = 0;

  constructor(store: Store, onState: () => void) {
    this.#store = store;
    this.#onState = onState;
    document.addEventListener('visibilitychange', () => this.#followVisibility());
  }

  start(): void {
    this.#setState('connecting');
    const events = new EventSource(address('events'));
    this.#events = events;
    this.#timer = window.setTimeout(() => this.#poll(), FIRST_EVENT_MS);
    events.addEventListener('all', ({ data }) => {
      clearTimeout(this.#timer);
      const message: FullMessage = JSON.parse(data);
      this.#store.replace(message);
      this.#setState('live');
      void this.#loadHistory();
    });
    events.addEventListener('changes', ({ data }) => {
      const message: ChangesMessage = JSON.parse(data);
      this.#store.change(message);
    });
    events.addEventListener('error', () => {
      this.#setState('lost');
      // The browser connects again by itself, except after an error status, such as 503 for too many viewers.
      if (events.readyState === EventSource.CLOSED) this.#poll();
    });
  }

  /** Shows `all` workers, `each`, or the one with this number. The address has the choice, so that a link leads to it. */
  choose(worker: string): void {
    const query = worker === 'all' ? '' : `?${new URLSearchParams({ worker })}`;
    history.replaceState(null, '', `${location.pathname}${query}${location.hash}`);
    this.#stop();
    this.start();
  }

  /** Asks for everything, again and again. */
  #poll(): void {
    this.#stop();
    const attempt = this.#attempt;
    const next = async () => {
      try {
        const message = await getJson<FullMessage>('snapshot');
        if (attempt !== this.#attempt) return;
        const isFirst = this.#store.session !== message.session;
        this.#store.replace(message);
        this.#setState('polling');
        if (isFirst) await this.#loadHistory();
      } catch {
        if (attempt === this.#attempt) this.#setState('lost');
      }
      if (attempt === this.#attempt) this.#timer = window.setTimeout(next, POLL_MS);
    };
    void next();
  }

  async #loadHistory(): Promise<void> {
    try {
      this.#store.addHistory(await getJson<HistoryMessage>('history'));
    } catch {
      // The page works without the past.
    }
  }

  #stop(): void {
    this.#attempt++;
    clearTimeout(this.#timer);
    this.#events?.close();
    this.#events = undefined;
  }

  #followVisibility(): void {
    clearTimeout(this.#hiddenTimer);
    if (document.hidden) {
      this.#hiddenTimer = window.setTimeout(() => {
        this.#stop();
        this.#setState('asleep');
      }, HIDDEN_MS);
    } else if (this.state === 'asleep') this.start();
  }

  #setState(state: ConnectionState): void {
    if (this.state === state) return;
    this.state = state;
    this.#onState();
  }
}

/** Which part of the series of a family is wanted, of the workers that the page shows. */
export interface SeriesQuery {
  readonly family: string;
  readonly worker: string;
  readonly offset: number;
  readonly limit: number;
}

export function getSeries({ family, worker, offset, limit }: SeriesQuery): Promise<SeriesPage> {
  return getJson('family', { family, worker, offset: String(offset), limit: String(limit) });
}

export function getCardinality(worker: string): Promise<CardinalityReport> {
  return getJson('cardinality', { worker });
}

/** Starts a task. Returns a sentence on what went wrong, if something did. */
export async function runTask(name: string): Promise<string | undefined> {
  const response = await fetch(address('run', { run: name }), { method: 'POST' });
  return response.ok ? undefined : (await response.text()).trim();
}

async function getJson<T>(query: string, parameters: Readonly<Record<string, string>> = {}): Promise<T> {
  const response = await fetch(address(query, parameters));
  if (!response.ok) throw new Error(`The server answered with status ${response.status}.`);
  return response.json();
}

/** The page is its own only route, so that it can be mounted anywhere. */
function address(query: string, parameters: Readonly<Record<string, string>> = {}): string {
  const worker = new URLSearchParams(location.search).get('worker') ?? 'all';
  return `${location.pathname}?${new URLSearchParams({ [query]: '', worker, ...parameters })}`;
}
