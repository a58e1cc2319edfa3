import type { Series, SeriesPage } from '../../detail-protocol.ts';
import type { Family } from '../../protocol.ts';
import { getSeries } from '../data/connection.ts';

const PAGE_SIZE = 100;
const REFRESH_MS = 2000;
/** Pages of large families are refreshed less often. */
const SLOW_REFRESH_MS = 5000;

interface LoadedPage {
  readonly page: SeriesPage | undefined;
  readonly askedAt: number;
  readonly isLoading: boolean;
}

/** The series of an expanded family, loaded where they are looked at. */
export class SeriesLoader {
  /** Name of the family. */
  readonly name: string;
  readonly #worker: string;
  readonly #onLoad: () => void;
  readonly #pages = new Map<number, LoadedPage>();
  #latest: SeriesPage | undefined;

  /** `worker` tells whose series they are. */
  constructor({ name }: Family, worker: string, onLoad: () => void) {
    this.name = name;
    this.#worker = worker;
    this.#onLoad = onLoad;
  }

  /** Number of series; undefined before the first page has been loaded. */
  get total(): number | undefined {
    return this.#latest?.total;
  }

  get latest(): SeriesPage | undefined {
    return this.#latest;
  }

  /** Returns a series and the times of its line, and loads them again if they are old. */
  at(index: number): { readonly series: Series; readonly times: readonly number[] } | undefined {
    this.load(index);
    const page = this.#pages.get(Math.floor(index / PAGE_SIZE))?.page;
    const series = page?.series[index % PAGE_SIZE];
    return page && series ? { series, times: page.times } : undefined;
  }

  load(index: number): void {
    const number = Math.floor(index / PAGE_SIZE);
    const known = this.#pages.get(number);
    const now = performance.now();
    const refreshMs = (this.total ?? 0) > PAGE_SIZE ? SLOW_REFRESH_MS : REFRESH_MS;
    if (known && (known.isLoading || now - known.askedAt < refreshMs)) return;
    this.#pages.set(number, { page: known?.page, askedAt: now, isLoading: true });
    void this.#load(number, now);
  }

  async #load(number: number, askedAt: number): Promise<void> {
    let page = this.#pages.get(number)?.page;
    try {
      page = await getSeries({
        family: this.name,
        worker: this.#worker,
        offset: number * PAGE_SIZE,
        limit: PAGE_SIZE,
      });
      this.#latest = page;
    } catch {
      // The next update tries again.
    }
    this.#pages.set(number, { page, askedAt, isLoading: false });
    this.#onLoad();
  }
}
