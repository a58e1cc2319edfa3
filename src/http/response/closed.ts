import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { isGone as isResponseGone, onceOver, openResponses } from './response-close.ts';

/** Calls back once when a response is over, or its connection is; `isWhole` says whether all of it was sent. */
export function onceClosed(response: ServerResponse, callback: (isWhole: boolean) => void): void {
  onceOver(response.req, response, (_, isWhole) => callback(isWhole));
}

/** Whether a response can no longer reach its client. */
export function isGone(response: ServerResponse): boolean {
  return isResponseGone(response.req, response);
}

/** Whether a response has begun on a connection, and has not ended. */
export function isAnswering(socket: Socket): boolean {
  // Responses that wait behind others have no socket yet.
  return openResponses(socket).some(({ headersSent, socket }) => headersSent === true && socket !== null);
}

/** Ends the connection of a response, also where others stand before it; in HTTP/2 only its stream. */
export function cutOff({ req }: ServerResponse): void {
  req.socket.destroy();
}
