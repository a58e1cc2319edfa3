import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** What is told of a request that this process makes. */
interface ClientRequest {
  readonly method: string;
  /** With the port, where it is not the usual one. */
  readonly host: string;
}

/** Hears of requests; each is an object that stays the same from its begin to its end. */
export interface ClientListener {
  began(key: object): void;
  /** With the status of the response, or without where there is none. */
  ended(key: object, request: () => ClientRequest, status: number | undefined): void;
}

/** What the channels of undici, and so of `fetch`, carry. */
interface FetchMessage {
  readonly request: { readonly origin?: string | URL; readonly method?: string };
  readonly response?: { readonly statusCode: number };
}

/** What the channels of `node:http` carry. */
interface HttpMessage {
  readonly request: {
    readonly method?: string;
    getHeader?(name: string): unknown;
  };
  readonly response?: { readonly statusCode?: number };
}

/** Tells of requests by `fetch` and undici; what it returns ends that. */
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

/** Tells of requests by `node:http` and `node:https`; what it returns ends that. */
export function subscribeToHttp(listener: ClientListener): () => void {
  const began = ({ request }: HttpMessage) => listener.began(request);
  const ended = ({ request, response }: HttpMessage) =>
    listener.ended(request, () => httpRequest(request), response?.statusCode);
  return subscribeAll<HttpMessage>({
    'http.client.request.start': began,
    // Said when the head of the response has been parsed, whatever its name.
    'http.client.response.finish': ended,
    'http.client.request.error': ended,
  });
}

/** Whether another response follows; 101 is final, as the protocol changes. */
function isInterim(status: number | undefined): boolean {
  return status !== undefined && status >= 100 && status < 200 && status !== 101;
}

function subscribeAll<Message>(handlers: Readonly<Record<string, (message: Message) => void>>): () => void {
  const subscriptions = Object.entries(handlers).map(([channel, handler]) => {
    // Each channel carries one kind of message; the types of Node.js do not say which.
    const receive = (message: unknown) => handler(message as Message);
    subscribe(channel, receive);
    return () => unsubscribe(channel, receive);
  });
  return () => {
    for (const end of subscriptions) end();
  };
}

function fetchRequest({ method = 'GET', origin = '' }: FetchMessage['request']): ClientRequest {
  return { method, host: hostOf(String(origin)) };
}

function httpRequest(request: HttpMessage['request']): ClientRequest {
  return { method: request.method ?? 'GET', host: String(request.getHeader?.('host') ?? 'other').toLowerCase() };
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : 'other';
}
