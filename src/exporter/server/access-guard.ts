import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isDisconnected } from '../../http/response/response-close.ts';
import { sendText } from '../../http/response/short-answer.ts';
import type { Logger } from '../../model/logger.ts';
import type { Verdict } from '../../web-config/passwords/authenticator.ts';
import type { RateLimit } from '../../web-config/web-config.ts';
import type { WebConfigFile } from '../../web-config/web-config-file.ts';
import { clientGroups } from './client-groups.ts';

export interface AccessOptions {
  readonly file: WebConfigFile;
  readonly logger: Logger;
  /** Whether a request needs no password. */
  readonly isPublic: (request: IncomingMessage) => boolean;
}

/**
 * Applies the web configuration to requests in the order of exporter-toolkit: rate limit, headers, password. The rate
 * limit is that of the start.
 */
export function withAccessControl(
  listener: RequestListener,
  { file, logger, isPublic }: AccessOptions,
): RequestListener {
  const { rateLimit } = file.current.config;
  const bucket = rateLimit && new TokenBucket(rateLimit);
  return (request, response) => {
    if (isDisconnected(response)) return;
    void file.refresh();
    if (bucket !== undefined && !bucket.take()) {
      response.setHeader('Retry-After', String(bucket.retryAfter));
      return sendText(request, response, 429, 'Too Many Requests\n');
    }
    const { config, authenticator } = file.current;
    for (const [name, value] of config.headers) response.setHeader(name, value);
    if (authenticator === undefined || isPublic(request)) return listener(request, response);
    const client = { groups: clientGroups(request.socket.remoteAddress), connection: request.socket };
    authenticator.judge(request.headersDistinct['authorization'] ?? [], client).then(
      (verdict) => {
        if (!isDisconnected(response)) answers[verdict](request, response, listener);
      },
      (error: unknown) => {
        logger.error('Password check failed.', { err: error });
        sendText(request, response, 500, 'Password check failed.\n');
      },
    );
  };
}

type Responder = (request: IncomingMessage, response: ServerResponse, listener: RequestListener) => void;

const answers: Readonly<Record<Verdict, Responder>> = {
  granted: (request, response, listener) => listener(request, response),
  refused: (request, response) => {
    response.setHeader('WWW-Authenticate', 'Basic');
    sendText(request, response, 401, 'Unauthorized\n');
  },
  busy: (request, response) => {
    response.setHeader('Retry-After', '1');
    response.setHeader('Connection', 'close');
    sendText(request, response, 429, 'Too Many Requests\n');
  },
};

/** Allows one request per interval, and a burst of requests after a pause. Starts full. */
export class TokenBucket {
  readonly #limit: RateLimit;
  readonly #now: () => number;
  #tokens: number;
  #at: number;

  /** `now` returns milliseconds of a monotonic clock. */
  constructor({ intervalMs, burst }: RateLimit, now: () => number = () => performance.now()) {
    this.#limit = { intervalMs, burst: Math.max(burst, 1) };
    this.#now = now;
    this.#tokens = this.#limit.burst;
    this.#at = now();
  }

  /** Takes a token if there is one. */
  take(): boolean {
    const { intervalMs, burst } = this.#limit;
    const now = this.#now();
    this.#tokens = Math.min(burst, this.#tokens + (now - this.#at) / intervalMs);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** Seconds until the next token, at least 1. */
  get retryAfter(): number {
    return Math.max(1, Math.ceil(((1 - this.#tokens) * this.#limit.intervalMs) / 1000));
  }
}
