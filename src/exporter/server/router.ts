import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { sendFailure, sendNothing, sendText } from '../../http/response/short-answer.ts';
import { callUserCode } from '../../model/user-code.ts';
import { canonicalPath, pathOf } from './paths.ts';

/** What answers at a path. */
export interface Route {
  readonly listener: RequestListener;
  /** What may be asked; GET, HEAD and OPTIONS by default. */
  readonly methods?: readonly string[];
}

export type Routes = readonly (readonly [path: string, route: Route])[];

const READ_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Hands a request to the listener of its path, or answers 404, or 405 for a method that is not for it. Throws where two
 * routes have the same path. Where a listener throws or rejects, `onError` is told, and the request is answered with 500,
 * or its connection ends.
 */
export function routed(routes: Routes, onError: (path: string, thrown: unknown) => void = () => {}): RequestListener {
  const byPath = new Map(routes.map(([path, route]) => [canonicalPath(path), route]));
  if (byPath.size < routes.length) throw new Error('Each route must have a path of its own.');
  return (request, response) => {
    const path = pathOf(request.url ?? '');
    const route = path === '*' && request.method === 'OPTIONS' ? ANYWHERE : byPath.get(path);
    if (route === undefined) return sendText(request, response, 404, 'Not found.\n');
    callUserCode(
      () => answer(route, request, response),
      (thrown) => {
        sendFailure(request, response, 'The request could not be answered.\n');
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
  response.setHeader('Allow', methods.join(', '));
  if (methods.includes(method)) return sendNothing(response);
  return sendText(request, response, 405, 'Method not allowed.\n');
}

/** The server as a whole: `OPTIONS *`. */
const ANYWHERE: Route = { listener: (_, response) => sendNothing(response) };
