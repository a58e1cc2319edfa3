import type { RequestListener } from 'node:http';
import { onceClosed } from '../../http/response/response-close.ts';
import { DISCONNECTED } from '../../http/scrape/handler-metrics.ts';
import type { RecordedScrape } from '../../status-page/server/page-options.ts';

const MAX_SCRAPES = 50;
/** Longer headers are cut. */
const MAX_CHARACTERS = 500;

/** The latest scrapes: a few values each, and no work before they are shown. */
export class ScrapeLog {
  readonly #records: (RecordedScrape | undefined)[] = Array.from({ length: MAX_SCRAPES });
  #count = 0;
  #shown: { readonly count: number; readonly records: readonly RecordedScrape[] } = { count: 0, records: [] };

  /** Latest first. */
  get records(): readonly RecordedScrape[] {
    if (this.#shown.count !== this.#count) {
      const latest = Array.from({ length: MAX_SCRAPES }, (_, age) => {
        return this.#records[(this.#count - 1 - age + MAX_SCRAPES) % MAX_SCRAPES];
      });
      this.#shown = { count: this.#count, records: latest.filter((record) => record !== undefined) };
    }
    return this.#shown.records;
  }

  /** Returns a listener that also records the requests. */
  recording(listener: RequestListener): RequestListener {
    return (request, response) => {
      const { socket, headers } = request;
      const [began, bytesBefore] = [performance.now(), socket.bytesWritten];
      const client = socket.remoteAddress ?? '';
      onceClosed(response, (isWhole) => {
        this.#records[this.#count % MAX_SCRAPES] = {
          time: Date.now(),
          client,
          userAgent: cut(headers['user-agent']),
          accept: cut(headers.accept),
          bytes: socket.bytesWritten - bytesBefore,
          ms: Number((performance.now() - began).toPrecision(3)),
          status: isWhole ? response.statusCode : DISCONNECTED,
        };
        this.#count++;
      });
      return listener(request, response);
    };
  }
}

/** Returns a copy: a part of a header would keep the whole header in memory. */
function cut(text = ''): string {
  return text.length > MAX_CHARACTERS ? Buffer.from(text.slice(0, MAX_CHARACTERS)).toString() : text;
}
