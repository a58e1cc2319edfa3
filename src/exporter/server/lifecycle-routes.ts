import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { sendText } from '../../http/response/short-answer.ts';
import { thrownText } from '../../model/thrown.ts';
import { isAllowedHost, isFromOtherSite } from './allowed-host.ts';
import { PATHS } from './paths.ts';
import type { Routes } from './router.ts';

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
      const refuse = (reason: string) => sendText(request, response, 403, reason);
      if (!isEnabled) return refuse('Lifecycle API is not enabled: see --web.enable-lifecycle.\n');
      if (!isAllowedHost(request, allowedHosts)) return refuse(UNKNOWN_HOST);
      if (isFromOtherSite(request)) return refuse('Not for pages of other sites.\n');
      return listener(request, response);
    };
  const answerReload = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      await reload();
      sendText(request, response, 200, 'Reloaded.\n');
    } catch (error) {
      sendText(request, response, 500, `Failed to reload: ${thrownText(error)}\n`);
    }
  };
  const answerQuit = (request: IncomingMessage, response: ServerResponse) => {
    sendText(request, response, 200, 'Stopping.\n');
    return quit();
  };
  return [
    [PATHS.reload, { listener: guarded(answerReload), methods: METHODS }],
    [PATHS.quit, { listener: guarded(answerQuit), methods: METHODS }],
  ];
}
