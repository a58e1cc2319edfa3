import type { IncomingMessage, ServerResponse } from 'node:http';
import { closeSignal, dropConnection, isDisconnected } from '../response/response-close.ts';
import { sendText } from '../response/short-answer.ts';
import { limitWriting } from '../response/write-limits.ts';
import type { HandlerOptions } from './handler-options.ts';
import { BadRequest } from './query.ts';
import type { RequestSlot } from './request-limit.ts';
import type { ScrapeReports } from './scrape-reports.ts';
import { headersFor, Scraper } from './scraper.ts';
import { writeBody } from './write-body.ts';

/** Answers the scrapes of `metricsHandler()`, which loads it before the first one. */
export class NodeScrapes {
  readonly #scraper: Scraper;

  constructor(options: HandlerOptions, reports: ScrapeReports) {
    this.#scraper = new Scraper(options, reports);
  }

  /** Rejects if the scrape failed as a whole. */
  async answer(request: IncomingMessage, response: ServerResponse, slot: RequestSlot): Promise<void> {
    try {
      await this.#scrape(request, response, slot);
    } catch (thrown) {
      if (!(thrown instanceof BadRequest)) throw thrown;
      if (!isDisconnected(response)) sendText(request, response, 400, `${thrown.message}\n`);
    }
  }

  async #scrape(request: IncomingMessage, response: ServerResponse, slot: RequestSlot): Promise<void> {
    const { headers, url = '', method } = request;
    const parsed = this.#scraper.parseRequest({
      url,
      header: (name) => {
        const value = headers[name];
        return Array.isArray(value) ? value.join(',') : value;
      },
      signal: closeSignal(response),
      drop: () => dropConnection(response),
    });
    const result = await this.#scraper.scrape(parsed);
    try {
      const failure = this.#scraper.failureText(result);
      if (failure !== undefined) return sendText(request, response, 500, failure);
      limitWriting(response, this.#scraper.writeLimits(parsed));
      const target = { response, headers: headersFor(parsed.negotiated.contentType), isHead: method === 'HEAD', slot };
      await writeBody(result.body, target);
    } finally {
      result.body.leave();
    }
  }
}
