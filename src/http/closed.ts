import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** By connection: what to call for each of its responses. A listener for each response would be hundreds. */
const waiting = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls back once a response has ended, or its connection has. Of that Node tells only the response whose turn it is, and
 * not those that wait behind it.
 */
export function onceClosed(response: ServerResponse, callback: () => void): void {
  const { socket } = response.req;
  const calls = waiting.get(socket) ?? listenTo(socket);
  const call = () => {
    if (!calls.delete(call)) return;
    response.off('close', call);
    callback();
  };
  calls.add(call);
  response.once('close', call);
  if (isGone(response)) queueMicrotask(call);
}

/** Whether nobody will read the response any more. */
export function isGone(response: ServerResponse): boolean {
  return response.destroyed || response.req.socket.destroyed;
}

/** Whether a response is under way on a connection. */
export function isAnswering(socket: Socket): boolean {
  return (waiting.get(socket)?.size ?? 0) > 0;
}

/** Ends the connection of a response, also where others stand before it. */
export function cutOff({ req }: ServerResponse): void {
  req.socket.destroy();
}

function listenTo(socket: Socket): Set<() => void> {
  const calls = new Set<() => void>();
  waiting.set(socket, calls);
  socket.once('close', () => {
    for (const call of calls) call();
  });
  return calls;
}
