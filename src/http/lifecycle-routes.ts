import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Route, sendText } from './routes.ts';

export interface LifecycleOptions {
  readonly isEnabled: boolean;
  /** Reads the configuration again; rejects where that cannot be done. */
  readonly reload: () => Promise<void>;
  readonly quit: () => void;
}

const METHODS = ['POST', 'PUT'];

/** `/-/reload` and `/-/quit`, which change something: only if they were asked for, and not for pages of other sites. */
export function lifecycleRoutes({ isEnabled, reload, quit }: LifecycleOptions): [path: string, route: Route][] {
  const guarded =
    (listener: RequestListener): RequestListener =>
    (request, response) => {
      if (!isEnabled) sendText(request, response, 403, 'Lifecycle API is not enabled: see --web.enable-lifecycle.\n');
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
    ['/-/reload', { listener: guarded(answerReload), methods: METHODS }],
    ['/-/quit', { listener: guarded(answerQuit), methods: METHODS }],
  ];
}

/** Browsers say where a request comes from (Fetch Metadata); programs say nothing. */
function isFromOtherSite({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'] ?? 'none';
  return site !== 'none' && site !== 'same-origin';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
