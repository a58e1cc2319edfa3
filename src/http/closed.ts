import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Waiting {
  readonly response: ServerResponse;
  readonly call: () => void;
}

/** By connection: what to call for each of its responses. A listener for each response would be hundreds. */
const waiting = new WeakMap<Socket, Set<Waiting>>();

/**
 * Calls back once a response has ended, or its connection has. Of that Node tells only the response whose turn it is, and
 * not those that wait behind it.
 */
export function onceClosed(response: ServerResponse, callback: () => void): void {
  if (isGone(response)) return void queueMicrotask(callback);
  const { socket } = response.req;
  const all = waiting.get(socket) ?? listenTo(socket);
  const call = () => {
    if (!all.delete(entry)) return;
    response.off('close', call);
    callback();
  };
  const entry = { response, call };
  all.add(entry);
  response.once('close', call);
}

/** Whether nobody will read the response any more. */
export function isGone(response: ServerResponse): boolean {
  return response.destroyed || response.req.socket.destroyed;
}

/** Whether a response has begun on a connection, and has not ended. */
export function isAnswering(socket: Socket): boolean {
  // Those that wait behind others have no socket yet.
  return Array.from(waiting.get(socket) ?? []).some(({ response }) => response.socket !== null && response.headersSent);
}

/** Ends the connection of a response, also where others stand before it. */
export function cutOff({ req }: ServerResponse): void {
  req.socket.destroy();
}

function listenTo(socket: Socket): Set<Waiting> {
  const all = new Set<Waiting>();
  waiting.set(socket, all);
  socket.once('close', () => {
    for (const { call } of all) call();
  });
  return all;
}
