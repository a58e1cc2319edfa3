import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpRequest, HttpResponse, HttpSocket } from './http-message.ts';

/** Called once when a response has closed. `isWhole` tells whether all of it was sent. */
export type CloseListener = (isWhole: boolean, response: HttpResponse) => void;

/** The state of a watched response. Each response has one, however many listeners it has. */
interface Watch {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  readonly listener: CloseListener;
  /** Further listeners. Most responses have none. */
  others: CloseListener[] | undefined;
  /** Open responses of the same connection; undefined if the end of the connection is not watched. */
  readonly open: Watch[] | undefined;
  /** Whether `finish` was emitted while the response could still be sent. */
  isFinished: boolean;
  isClosed: boolean;
}

const WATCH = Symbol('zeroprom.watch');
const OPEN = Symbol('zeroprom.open');
const SIGNAL = Symbol('zeroprom.closeSignal');

/** A symbol property costs half as much as an entry of a WeakMap. */
type WatchedResponse = HttpResponse & { [WATCH]?: Watch };
type WatchedSocket = HttpSocket & { [OPEN]?: Watch[] };

/**
 * Returns a signal that is aborted once the response or its connection has closed: one per response, however many ask.
 */
export function closeSignal(response: ServerResponse & { [SIGNAL]?: AbortSignal }): AbortSignal {
  const known = response[SIGNAL];
  if (known !== undefined) return known;
  const controller = new AbortController();
  response[SIGNAL] = controller.signal;
  onceClosed(response, () => controller.abort(new Error('The client disconnected.')));
  return controller.signal;
}

/** Calls back once the response or its connection has closed. */
export function onceClosed(response: ServerResponse, listener: CloseListener): void {
  watchClose(response.req, response, listener);
}

/**
 * Calls back exactly once: when the response or its connection has closed, whichever comes first. The connection is
 * watched because up to Node.js 22 `close` is emitted only for the response being written, not for pipelined responses
 * queued behind it. If the response has already closed, the callback runs in a microtask.
 */
export function watchClose(request: HttpRequest, response: HttpResponse, listener: CloseListener): void {
  const watched: WatchedResponse = response;
  const watch = watched[WATCH];
  if (watch === undefined) watched[WATCH] = startWatching(request, response, listener);
  else if (watch.isClosed) queueMicrotask(() => listener(isWhole(watch), response));
  else if (watch.others === undefined) watch.others = [listener];
  else watch.others.push(listener);
}

/** Whether the response can no longer reach its client. */
export function isDisconnected(response: ServerResponse): boolean {
  return isGone(response.req, response);
}

/** Whether a response has been started on the connection and has not closed. */
export function isAnswering(socket: Socket): boolean {
  const open = (socket as WatchedSocket)[OPEN] ?? [];
  // Responses queued behind others have no socket yet.
  return open.some(({ response }) => response.headersSent === true && response.socket !== null);
}

/** Closes the connection of a response, even if other responses are queued before it. In HTTP/2, closes its stream. */
export function dropConnection({ req }: ServerResponse): void {
  req.socket.destroy();
}

function isGone(request: HttpRequest, { stream, destroyed }: HttpResponse): boolean {
  if (stream !== undefined) return stream.destroyed === true || stream.closed === true;
  return destroyed === true || request.socket?.destroyed === true;
}

function startWatching(request: HttpRequest, response: HttpResponse, listener: CloseListener): Watch {
  const gone = isGone(request, response);
  const open = request.httpVersionMajor === 1 && !gone ? openOn(request.socket) : undefined;
  const watch: Watch = { request, response, listener, others: undefined, open, isFinished: false, isClosed: false };
  if (gone) queueMicrotask(() => close(watch));
  else listen(watch);
  return watch;
}

function listen(watch: Watch): void {
  const { response, open } = watch;
  const { stream } = response;
  open?.push(watch);
  response.on('close', onResponseClose);
  if (stream === undefined) response.on('finish', onResponseFinish);
  // Up to Node.js 22, a stream that the client closes without an error emits no `close` while data waits to be sent.
  else stream.on?.('end', () => stream.closed === true && close(watch));
}

/** One listener per connection: with pipelining, one per response would exceed the listener limit. */
function openOn(socket: WatchedSocket | undefined): Watch[] | undefined {
  const known = socket?.[OPEN];
  if (known !== undefined) return known;
  if (typeof socket?.once !== 'function') return undefined;
  const open: Watch[] = [];
  socket[OPEN] = open;
  socket.once('close', onConnectionClose);
  return open;
}

// These three listeners are shared by all responses and connections, which saves a closure per request.

function onResponseFinish(this: WatchedResponse): void {
  const watch = this[WATCH];
  if (watch !== undefined) watch.isFinished = watch.request.socket?.destroyed !== true;
}

function onResponseClose(this: WatchedResponse): void {
  const watch = this[WATCH];
  if (watch !== undefined) close(watch);
}

function onConnectionClose(this: WatchedSocket): void {
  for (const watch of this[OPEN]?.splice(0) ?? []) close(watch);
}

function close(watch: Watch): void {
  if (watch.isClosed) return;
  watch.isClosed = true;
  removeFrom(watch.open, watch);
  const { response, listener, others } = watch;
  const whole = isWhole(watch);
  listener(whole, response);
  if (others !== undefined) for (const other of others) other(whole, response);
}

function removeFrom(open: Watch[] | undefined, watch: Watch): void {
  if (open === undefined) return;
  if (open[open.length - 1] === watch) return void open.pop(); // Usually it is the only one.
  const index = open.indexOf(watch);
  if (index !== -1) open.splice(index, 1);
}

/**
 * Node.js also emits `finish` for data that is discarded when the connection is lost, so a response is whole only if
 * the connection was still there. In HTTP/2 the stream knows.
 */
function isWhole({ request, response: { stream, writableEnded }, isFinished }: Watch): boolean {
  if (!writableEnded) return false;
  if (stream !== undefined) return stream.rstCode === 0 && stream.writableFinished !== false;
  return isFinished || request.socket?.destroyed !== true;
}
