import type { HttpRequest, HttpResponse, HttpSocket } from './http-message.ts';

/** Called once a response is over. It is whole if all of it was sent. */
export type OnOver = (response: HttpResponse, isWhole: boolean) => void;

/** A response that is under way. */
interface Watch {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  readonly callback: OnOver;
  /** Further callbacks, which few responses have. */
  others: OnOver[] | undefined;
  /** The responses of the same connection; undefined where the end of the connection need not be watched. */
  readonly open: Watch[] | undefined;
  /** Whether `finish` was emitted while there was a connection to send to. */
  isFinished: boolean;
  isOver: boolean;
}

const WATCH = Symbol('zeroprom.watch');
const OPEN = Symbol('zeroprom.open');

/** Symbols cost half of what a WeakMap does. */
type WatchedResponse = HttpResponse & { [WATCH]?: Watch };
type WatchedSocket = HttpSocket & { [OPEN]?: Watch[] };

/**
 * Calls back exactly once when a response is over: when it has closed or its connection has, whichever comes first. The
 * connection counts because up to Node.js 22 `close` is emitted only for the response being written, not for responses to
 * pipelined requests that wait behind it. If the response is already over, the call comes in a microtask.
 */
export function onceOver(request: HttpRequest, response: HttpResponse, callback: OnOver): void {
  const watched: WatchedResponse = response;
  const watch = watched[WATCH];
  if (watch === undefined) watched[WATCH] = startWatching(request, response, callback);
  else if (watch.isOver) queueMicrotask(() => callback(response, isWhole(watch)));
  else if (watch.others === undefined) watch.others = [callback];
  else watch.others.push(callback);
}

/** Whether a response can no longer reach its client. */
export function isGone(request: HttpRequest, { stream, destroyed }: HttpResponse): boolean {
  if (stream !== undefined) return stream.destroyed === true || stream.closed === true;
  return destroyed === true || request.socket?.destroyed === true;
}

/** The responses of a connection that are watched and not over yet, in order. */
export function openResponses(socket: WatchedSocket): readonly HttpResponse[] {
  return socket[OPEN]?.map(({ response }) => response) ?? [];
}

function startWatching(request: HttpRequest, response: HttpResponse, callback: OnOver): Watch {
  const gone = isGone(request, response);
  const open = request.httpVersionMajor === 1 && !gone ? openOn(request.socket) : undefined;
  const watch: Watch = { request, response, callback, others: undefined, open, isFinished: false, isOver: false };
  if (gone) queueMicrotask(() => end(watch));
  else listen(watch);
  return watch;
}

function listen(watch: Watch): void {
  const { response, open } = watch;
  const { stream } = response;
  open?.push(watch);
  response.on('close', closed);
  if (stream === undefined) response.on('finish', finished);
  // Up to Node.js 22 a stream that the client closes without an error, while data waits to be sent, emits no `close`.
  else stream.on?.('end', () => stream.closed === true && end(watch));
}

/** One listener for each connection: one for each response would exceed the limit of listeners. */
function openOn(socket: WatchedSocket | undefined): Watch[] | undefined {
  const known = socket?.[OPEN];
  if (known !== undefined) return known;
  if (typeof socket?.once !== 'function') return undefined;
  const open: Watch[] = [];
  socket[OPEN] = open;
  socket.once('close', connectionClosed);
  return open;
}

/** This function and the next two are listeners, shared by all responses and connections. */
function finished(this: WatchedResponse): void {
  const watch = this[WATCH];
  if (watch !== undefined) watch.isFinished = watch.request.socket?.destroyed !== true;
}

function closed(this: WatchedResponse): void {
  const watch = this[WATCH];
  if (watch !== undefined) end(watch);
}

function connectionClosed(this: WatchedSocket): void {
  for (const watch of this[OPEN]?.splice(0) ?? []) end(watch);
}

function end(watch: Watch): void {
  if (watch.isOver) return;
  watch.isOver = true;
  removeFrom(watch.open, watch);
  const { response, callback, others } = watch;
  const whole = isWhole(watch);
  callback(response, whole);
  if (others !== undefined) for (const other of others) other(response, whole);
}

function removeFrom(open: Watch[] | undefined, watch: Watch): void {
  if (open === undefined) return;
  if (open[open.length - 1] === watch) return void open.pop(); // Most are alone.
  const index = open.indexOf(watch);
  if (index !== -1) open.splice(index, 1);
}

/**
 * Node.js also emits `finish` for what was discarded together with the connection, so a response is whole only if the
 * connection was still there. In HTTP/2 the stream tells.
 */
function isWhole({ request, response: { stream, writableEnded }, isFinished }: Watch): boolean {
  if (!writableEnded) return false;
  if (stream !== undefined) return stream.rstCode === 0 && stream.writableFinished !== false;
  return isFinished || request.socket?.destroyed !== true;
}
