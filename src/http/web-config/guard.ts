import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from '../../model/logger.ts';
import { isGone } from '../closed.ts';
import { sendText } from '../routes.ts';
import { TokenBucket } from './token-bucket.ts';
import type { WebConfigFile } from './web-config-file.ts';

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
    void file.refresh();
    if (bucket !== undefined && !bucket.take()) {
      response.setHeader('Retry-After', String(bucket.retryAfter));
      return sendText(request, response, 429, 'Too Many Requests\n');
    }
    const { config, authenticator } = file.current;
    for (const [name, value] of config.headers) response.setHeader(name, value);
    if (authenticator === undefined || needsNoPassword(request)) return listener(request, response);
    authenticator.judge(request.headersDistinct['authorization'] ?? []).then(
      (verdict) => answers[verdict](request, response, listener),
      (error: unknown) => {
        logger.error('A password could not be checked.', { err: error });
        sendText(request, response, 500, 'The password could not be checked.\n');
      },
    );
  };
}

const answers = {
  granted: (request: IncomingMessage, response: ServerResponse, listener: RequestListener) => {
    if (!isGone(response)) listener(request, response);
  },
  refused: (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('WWW-Authenticate', 'Basic');
    sendText(request, response, 401, 'Unauthorized\n');
  },
  busy: (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('Retry-After', '1');
    sendText(request, response, 429, 'Too Many Requests\n');
  },
};
