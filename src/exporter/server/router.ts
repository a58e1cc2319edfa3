import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { sendAllowed, sendFailure, sendNothing, sendText } from '../../http/response/short-answer.ts';
import { callUserCode } from '../../model/thrown.ts';
import { canonicalPath, pathOf } from './paths.ts';

/** Handles the requests for a path. */
export interface Route {
  readonly listener: RequestListener;
  /** Allowed methods; GET, HEAD and OPTIONS by default. */
  readonly methods?: readonly string[];
}

export type Routes = readonly (readonly [path: string, route: Route])[];

const READ_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Passes a request to the listener of its path, or responds with 404, or 405 if the method is not allowed. If a
 * listener throws or rejects, `onError` is called and the response is 500, or the connection is dropped if a response
 * has started.
 *
 * @throws {Error} if two routes have the same path.
 */
export function routed(routes: Routes, onError: (path: string, thrown: unknown) => void = () => {}): RequestListener {
  const byPath = new Map(routes.map(([path, route]) => [canonicalPath(path), route]));
  if (byPath.size < routes.length) throw new Error('Two routes must not have the same path.');
  return (request, response) => {
    const path = pathOf(request.url ?? '');
    const route = path === '*' && request.method === 'OPTIONS' ? ANYWHERE : byPath.get(path);
    if (route === undefined) return sendText(request, response, 404, 'Not found.\n');
    callUserCode(
      () => answer(route, request, response),
      (thrown) => {
        sendFailure(request, response, 'The request failed.\n');
        onError(path, thrown);
      },
    );
  };
}

function answer(
  { listener, methods = READ_METHODS }: Route,
  request: IncomingMessage,
  response: ServerResponse,
): unknown {
  const { method = '' } = request;
  if (methods.includes(method) && method !== 'OPTIONS') return listener(request, response);
  return sendAllowed(request, response, methods);
}

/** Answers `OPTIONS *`, which is for the server as a whole. */
const ANYWHERE: Route = { listener: (_, response) => sendNothing(response) };
