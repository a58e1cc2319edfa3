import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isAllowedHost, isFromOtherSite } from './allowed-host.ts';
import { PATHS } from './paths.ts';
import { type Routes, sendText } from './routes.ts';

export interface LifecycleOptions {
  readonly isEnabled: boolean;
  /** Names of this exporter beside addresses, `localhost` and the machine's name; in lower case. */
  readonly allowedHosts: readonly string[];
  /** Reads the configuration again; rejects where that cannot be done. */
  readonly reload: () => Promise<void>;
  readonly quit: () => void;
}

const METHODS = ['POST', 'PUT'];
const UNKNOWN_HOST = 'Not under this host name: use an address or localhost, or see --web.allowed-host.\n';

/** `/-/reload` and `/-/quit`, which change something: only if they were asked for, and not for pages of other sites. */
export function lifecycleRoutes(options: LifecycleOptions): Routes {
  const { isEnabled, allowedHosts, reload, quit } = options;
  const guarded =
    (listener: RequestListener): RequestListener =>
    (request, response) => {
      if (!isEnabled) sendText(request, response, 403, 'Lifecycle API is not enabled: see --web.enable-lifecycle.\n');
      else if (!isAllowedHost(request, allowedHosts)) sendText(request, response, 403, UNKNOWN_HOST);
      else if (isFromOtherSite(request)) sendText(request, response, 403, 'Not for pages of other sites.\n');
      else listener(request, response);
    };
  const answerReload = (request: IncomingMessage, response: ServerResponse) =>
    void reload().then(
      () => sendText(request, response, 200, 'Reloaded.\n'),
      (error: unknown) => sendText(request, response, 500, `Failed to reload: ${messageOf(error)}\n`),
    );
  const answerQuit = (request: IncomingMessage, response: ServerResponse) => {
    sendText(request, response, 200, 'Stopping.\n');
    quit();
  };
  return [
    [PATHS.reload, { listener: guarded(answerReload), methods: METHODS }],
    [PATHS.quit, { listener: guarded(answerQuit), methods: METHODS }],
  ];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
