import type { IncomingMessage, ServerResponse } from 'node:http';
import { dropConnection, isDisconnected, onceClosed } from '../../http/response/response-close.ts';
import { sendText } from '../../http/response/short-answer.ts';
import type { Clock } from '../../scheduler/clock.ts';
import type { Sampler } from '../sampling/sampler.ts';
import type { Messages } from './messages.ts';
import { PAGE_HEADERS } from './page-headers.ts';
import type { ViewerCost } from './status-source.ts';

/** A viewer that has read nothing for this long is dropped. */
const STALLED_MS = 30_000;
/** A viewer that gets no message for this long gets a comment, so that proxies keep its connection open. */
const HEARTBEAT_MS = 10_000;
/** How long a browser waits before it connects again. */
const RETRY_MS = 2000;

const EVENT_HEADERS = {
  ...PAGE_HEADERS,
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

/** Places for the viewers of all scopes together. */
export class ViewerPlaces {
  readonly most: number;
  taken = 0;

  constructor(most: number) {
    this.most = most;
  }
}

/** A page that reads events. */
interface Viewer {
  readonly response: ServerResponse;
  /** Whether its next message must be complete, because it has missed changes or has just come. */
  needsAll: boolean;
  /** Since when it has read nothing, by the clock; undefined if it has read everything. */
  stalledSince: number | undefined;
}

/**
 * Sends messages to the pages that are open. A message is written once, whatever the number of viewers. A viewer that has
 * not read the last one gets none, and then a complete one, so at most one message waits for each viewer.
 */
export class Viewers {
  readonly #viewers = new Set<Viewer>();
  readonly #sampler: Sampler;
  readonly #messages: Messages;
  readonly #clock: Clock;
  #stopWatching: () => void = () => {};
  #heartbeat: ReturnType<Clock['setTimeout']> | undefined;
  /** Bytes sent since the sample before, and in the second before that. */
  #sending = 0;
  #sent = 0;

  readonly #places: ViewerPlaces;
  #isClosed = false;

  constructor(sampler: Sampler, messages: Messages, clock: Clock, places: ViewerPlaces) {
    this.#places = places;
    this.#sampler = sampler;
    this.#messages = messages;
    this.#clock = clock;
  }

  get cost(): ViewerCost {
    return { viewers: this.#places.taken, sentBytes: this.#sent };
  }

  /** Sends events until the client disconnects. Answers 503 if there are too many viewers. */
  add(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'HEAD') response.writeHead(200, EVENT_HEADERS).end();
    else if (this.#isClosed) sendText(request, response, 503, 'The server is stopping.\n');
    else if (this.#places.taken < this.#places.most) this.#add(response);
    else {
      response.setHeader('Retry-After', '10');
      sendText(request, response, 503, `Limit of open pages reached (${this.#places.most}), try again later.\n`);
    }
  }

  /** Ends all responses. */
  close(): void {
    this.#isClosed = true;
    for (const viewer of this.#viewers) {
      viewer.response.end();
      this.#remove(viewer);
    }
  }

  #add(response: ServerResponse): void {
    const viewer: Viewer = { response, needsAll: true, stalledSince: undefined };
    response.writeHead(200, EVENT_HEADERS);
    this.#write(viewer, `retry: ${RETRY_MS}\n\n`);
    this.#viewers.add(viewer);
    this.#places.taken++;
    onceClosed(response, () => this.#remove(viewer));
    if (this.#viewers.size === 1) {
      this.#stopWatching = this.#sampler.watch(() => this.#send());
      this.#beat();
    } else if (this.#sampler.time > 0) this.#sendAll(viewer);
  }

  #remove(viewer: Viewer): void {
    if (!this.#viewers.delete(viewer)) return;
    this.#places.taken--;
    if (this.#viewers.size > 0) return;
    this.#stopWatching();
    if (this.#heartbeat !== undefined) this.#clock.clearTimeout(this.#heartbeat);
  }

  #send(): void {
    this.#sent = this.#sending;
    this.#sending = 0;
    const changes = `event: changes\ndata: ${this.#messages.changes(this.cost)}\n\n`;
    for (const viewer of this.#viewers) {
      if (!this.#isReady(viewer)) viewer.needsAll = true;
      else if (viewer.needsAll) this.#sendAll(viewer);
      else this.#write(viewer, changes);
    }
  }

  #sendAll(viewer: Viewer): void {
    viewer.needsAll = false;
    this.#write(viewer, `event: all\ndata: ${this.#messages.full(this.cost)}\n\n`);
  }

  /** Whether a viewer has read what it was sent. Drops it if it has been stalled for too long. */
  #isReady(viewer: Viewer): boolean {
    const { response } = viewer;
    if (response.writableLength === 0) {
      viewer.stalledSince = undefined;
      return true;
    }
    viewer.stalledSince ??= this.#clock.now();
    if (this.#clock.now() - viewer.stalledSince >= STALLED_MS) dropConnection(response);
    return false;
  }

  #write({ response }: Viewer, text: string): void {
    if (isDisconnected(response)) return;
    this.#sending += Buffer.byteLength(text);
    response.write(text);
    // Compression middleware holds text back until it is flushed.
    if ('flush' in response && typeof response.flush === 'function') response.flush();
  }

  #beat(): void {
    this.#heartbeat = this.#clock.setTimeout(() => {
      for (const viewer of this.#viewers) if (this.#isReady(viewer)) this.#write(viewer, ':\n\n');
      this.#beat();
    }, HEARTBEAT_MS);
    this.#heartbeat.unref?.();
  }
}
