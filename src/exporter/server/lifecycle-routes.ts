import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { refusalOf } from '../../http/allowed-host.ts';
import { sendText } from '../../http/response/short-answer.ts';
import { thrownText } from '../../model/thrown.ts';
import { PATHS } from './paths.ts';
import type { Routes } from './router.ts';

export interface LifecycleOptions {
  readonly isEnabled: boolean;
  /** Host names, in lower case, to accept in addition to addresses, `localhost` and the name of the machine. */
  readonly allowedHosts: readonly string[];
  /** Reloads the configuration; rejects if that fails. */
  readonly reload: () => Promise<void>;
  readonly quit: () => void;
}

const METHODS = ['POST', 'PUT'];

/** Returns the routes `/-/reload` and `/-/quit`. They must be enabled, and reject requests of pages of other sites. */
export function lifecycleRoutes(options: LifecycleOptions): Routes {
  const { isEnabled, allowedHosts, reload, quit } = options;
  const restricted =
    (listener: RequestListener): RequestListener =>
    (request, response) => {
      const refuse = (reason: string) => sendText(request, response, 403, reason);
      if (!isEnabled) return refuse('The lifecycle API is not enabled: see --web.enable-lifecycle.\n');
      const reason = refusalOf(request, allowedHosts);
      return reason === undefined ? listener(request, response) : refuse(reason);
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
    [PATHS.reload, { listener: restricted(answerReload), methods: METHODS }],
    [PATHS.quit, { listener: restricted(answerQuit), methods: METHODS }],
  ];
}
