import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { startAll } from '../collectors/collector-group.ts';
import { OTHER } from './bounded-labels.ts';

/** An outgoing request. */
interface ClientRequest {
  readonly method: string;
  /** With the port, unless it is the default port. */
  readonly host: string;
  readonly isSecure: boolean;
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
    readonly protocol?: string;
    getHeader?(name: string): unknown;
  };
  readonly response?: { readonly statusCode?: number };
}

/** Subscribes to requests by `fetch` and undici. Returns a function that unsubscribes. */
export function subscribeToFetch(listener: ClientListener): () => void {
  const began = ({ request }: FetchMessage) => listener.began(request);
  const ended = ({ request, response }: FetchMessage) =>
    listener.ended(
      request,
      () => {
        const { method = 'GET', origin = '' } = request;
        const url = String(origin);
        return { method, host: URL.canParse(url) ? new URL(url).host : OTHER, isSecure: url.startsWith('https:') };
      },
      response?.statusCode,
    );
  return subscribeAll<FetchMessage>({
    'undici:request:create': began,
    // Also published for each interim response, such as 103 Early Hints; `node:http` publishes only the final one.
    'undici:request:headers': (message) => {
      const { statusCode = 0 } = message.response ?? {};
      const isInterim = statusCode >= 100 && statusCode < 200 && statusCode !== 101; // 101 is final: the protocol changes.
      if (!isInterim) ended(message);
    },
    'undici:request:error': ended,
  });
}

/** Subscribes to requests by `node:http` and `node:https`. Returns a function that unsubscribes. */
export function subscribeToHttp(listener: ClientListener): () => void {
  const began = ({ request }: HttpMessage) => listener.began(request);
  const ended = ({ request, response }: HttpMessage) =>
    listener.ended(
      request,
      () => ({
        method: request.method ?? 'GET',
        host: String(request.getHeader?.('host') ?? OTHER).toLowerCase(),
        isSecure: request.protocol === 'https:',
      }),
      response?.statusCode,
    );
  return subscribeAll<HttpMessage>({
    'http.client.request.start': began,
    // Despite its name, published when the head of the response has been parsed.
    'http.client.response.finish': ended,
    'http.client.request.error': ended,
  });
}

function subscribeAll<Message>(handlers: Readonly<Record<string, (message: Message) => void>>): () => void {
  return startAll(
    Object.entries(handlers).map(([channel, handler]) => () => {
      // Each channel has one type of message, which the types of Node.js do not tell.
      const receive = (message: unknown) => handler(message as Message);
      subscribe(channel, receive);
      return () => unsubscribe(channel, receive);
    }),
  );
}
