import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { OTHER } from './bounded-labels.ts';

/** An outgoing request. */
interface ClientRequest {
  readonly method: string;
  /** With the port, unless it is the default port. */
  readonly host: string;
}

/** Receives outgoing requests. `key` is the same object from the start of a request to its end. */
export interface ClientListener {
  began(key: object): void;
  /** `status` is undefined if the request failed without a response. */
  ended(key: object, request: () => ClientRequest, status: number | undefined): void;
}

/** A message on the channels of undici, which `fetch` is based on. */
interface FetchMessage {
  readonly request: { readonly origin?: string | URL; readonly method?: string };
  readonly response?: { readonly statusCode: number };
}

/** A message on the channels of `node:http`. */
interface HttpMessage {
  readonly request: {
    readonly method?: string;
    getHeader?(name: string): unknown;
  };
  readonly response?: { readonly statusCode?: number };
}

/** Subscribes to requests by `fetch` and undici. Returns a function that unsubscribes. */
export function subscribeToFetch(listener: ClientListener): () => void {
  const began = ({ request }: FetchMessage) => listener.began(request);
  const ended = ({ request, response }: FetchMessage) =>
    listener.ended(request, () => fetchRequest(request), response?.statusCode);
  return subscribeAll<FetchMessage>({
    'undici:request:create': began,
    // Also published for each interim response, such as 103 Early Hints; `node:http` publishes only the final one.
    'undici:request:headers': (message) => {
      if (!isInterim(message.response?.statusCode)) ended(message);
    },
    'undici:request:error': ended,
  });
}

/** Subscribes to requests by `node:http` and `node:https`. Returns a function that unsubscribes. */
export function subscribeToHttp(listener: ClientListener): () => void {
  const began = ({ request }: HttpMessage) => listener.began(request);
  const ended = ({ request, response }: HttpMessage) =>
    listener.ended(request, () => httpRequest(request), response?.statusCode);
  return subscribeAll<HttpMessage>({
    'http.client.request.start': began,
    // Despite its name, published when the head of the response has been parsed.
    'http.client.response.finish': ended,
    'http.client.request.error': ended,
  });
}

/** Whether another response follows. 101 is final, since the protocol changes. */
function isInterim(status: number | undefined): boolean {
  return status !== undefined && status >= 100 && status < 200 && status !== 101;
}

function subscribeAll<Message>(handlers: Readonly<Record<string, (message: Message) => void>>): () => void {
  const subscriptions = Object.entries(handlers).map(([channel, handler]) => {
    // Each channel has one type of message, which the types of Node.js do not tell.
    const receive = (message: unknown) => handler(message as Message);
    subscribe(channel, receive);
    return () => unsubscribe(channel, receive);
  });
  return () => {
    for (const end of subscriptions) end();
  };
}

function fetchRequest({ method = 'GET', origin = '' }: FetchMessage['request']): ClientRequest {
  const url = String(origin);
  return { method, host: URL.canParse(url) ? new URL(url).host : OTHER };
}

function httpRequest(request: HttpMessage['request']): ClientRequest {
  return { method: request.method ?? 'GET', host: String(request.getHeader?.('host') ?? OTHER).toLowerCase() };
}
