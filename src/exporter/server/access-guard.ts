import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isGone } from '../../http/response/closed.ts';
import { sendText } from '../../http/response/short-answer.ts';
import type { Logger } from '../../model/logger.ts';
import type { Verdict } from '../../web-config/passwords/authenticator.ts';
import type { WebConfigFile } from '../../web-config/web-config-file.ts';
import { clientGroups } from './client-groups.ts';
import { TokenBucket } from './token-bucket.ts';

export interface GuardOptions {
  readonly file: WebConfigFile;
  readonly logger: Logger;
  readonly needsNoPassword: (request: IncomingMessage) => boolean;
}

/**
 * Lets requests through as the web configuration says, in the order of exporter-toolkit: rate limit, headers, password. The
 * limit stays as it was at the start.
 */
export function guarded(listener: RequestListener, { file, logger, needsNoPassword }: GuardOptions): RequestListener {
  const { rateLimit } = file.current.config;
  const bucket = rateLimit && new TokenBucket(rateLimit);
  return (request, response) => {
    if (isGone(response)) return;
    void file.refresh();
    if (bucket !== undefined && !bucket.take()) {
      response.setHeader('Retry-After', String(bucket.retryAfter));
      return sendText(request, response, 429, 'Too Many Requests\n');
    }
    const { config, authenticator } = file.current;
    for (const [name, value] of config.headers) response.setHeader(name, value);
    if (authenticator === undefined || needsNoPassword(request)) return listener(request, response);
    const client = { groups: clientGroups(request.socket.remoteAddress), connection: request.socket };
    authenticator.judge(request.headersDistinct['authorization'] ?? [], client).then(
      (verdict) => {
        if (!isGone(response)) answers[verdict](request, response, listener);
      },
      (error: unknown) => {
        logger.error('A password could not be checked.', { err: error });
        sendText(request, response, 500, 'The password could not be checked.\n');
      },
    );
  };
}

const answers: Readonly<Record<Verdict, (...exchange: Exchange) => void>> = {
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

type Exchange = [request: IncomingMessage, response: ServerResponse, listener: RequestListener];
