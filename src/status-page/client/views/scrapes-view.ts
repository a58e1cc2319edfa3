import type { ScrapeRecord } from '../../protocol.ts';
import { formatAge, formatBytes, formatClock, formatNumber, formatSeconds } from '../data/value-format.ts';
import type { PageContext } from '../page/context.ts';
import type { View } from '../page/tab-view.ts';
import { type Column, Table } from './live-table.ts';

/** The latest scrapes. */
export class ScrapesView implements View {
  readonly id = 'scrapes';
  readonly title = 'Scrapes';
  readonly element: HTMLElement;
  readonly #app: PageContext;
  readonly #table: Table<ScrapeRecord>;

  constructor(app: PageContext) {
    this.#app = app;
    this.#table = new Table('Latest scrapes', 'No scrapes so far.', this.#columns());
    this.element = this.#table.element;
  }

  get badge(): string {
    return formatNumber(this.#scrapes.length);
  }

  update(): void {
    const counts = new Map<string, number>();
    this.#table.show(this.#scrapes, ({ time, client }) => {
      // Several scrapes can have the same time.
      const key = `${time} ${client}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return `${key} ${counts.get(key)}`;
    });
  }

  get #scrapes(): readonly ScrapeRecord[] {
    return this.#app.store.state.scrapes ?? [];
  }

  #columns(): Column<ScrapeRecord>[] {
    return [
      {
        title: 'When',
        cell: ({ time }) => ({ text: formatClock(time), title: formatAge(time, this.#app.store.state.time) }),
      },
      {
        title: 'Status',
        cell: ({ status }) => ({
          text: status === 499 ? 'Disconnected' : status >= 400 ? `Failed: ${status}` : String(status),
          kind: status >= 400 ? 'bad' : 'good',
        }),
      },
      { title: 'Scraper', cell: ({ client }) => ({ text: client, kind: 'name' }) },
      { title: 'User agent', cell: ({ userAgent }) => ({ text: userAgent, title: userAgent }) },
      { title: 'Format', cell: ({ format }) => ({ text: formatName(format), title: format }) },
      { title: 'Size', isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
      { title: 'Duration', isNumber: true, cell: ({ ms }) => formatSeconds(ms / 1000) },
    ];
  }
}

const FORMATS: ReadonlyMap<string, string> = new Map([
  ['text/plain', 'Prometheus text'],
  ['application/openmetrics-text', 'OpenMetrics'],
  ['application/vnd.google.protobuf', 'Prometheus protobuf'],
]);

/** Returns the common name of a media type, with its version. */
function formatName(contentType: string): string {
  const [type = '', ...parameters] = contentType.split(/\s*;\s*/);
  const name = FORMATS.get(type);
  const version = parameters.find((parameter) => parameter.startsWith('version='))?.slice('version='.length);
  return name === undefined ? contentType : [name, version].filter(Boolean).join(' ');
}
