/** The part of a `node:http` or `node:http2` request that is used. */
export interface HttpRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** The URL before a framework removed the path of a router from it. */
  readonly originalUrl?: string | undefined;
  readonly httpVersionMajor: number;
  /** Missing if the request was injected and did not arrive over a connection. */
  readonly socket?: HttpSocket | undefined;
}

/** The part of a connection that is used. */
export interface HttpSocket {
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly destroyed: boolean;
  /** Missing on some mocked connections. */
  once?(event: 'close', listener: (this: HttpSocket) => void): unknown;
}

/** The part of a `node:http` or `node:http2` response that is used. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly writableEnded: boolean;
  readonly destroyed?: boolean;
  readonly headersSent?: boolean;
  /** Null while the response is queued behind others, and once all of it was sent. */
  readonly socket?: object | null;
  /** The HTTP/2 stream. */
  readonly stream?: HttpStream | undefined;
  on(event: 'close' | 'finish', listener: (this: HttpResponse) => void): unknown;
}

/** The part of an HTTP/2 stream that is used. */
export interface HttpStream {
  /** Error code of the stream; 0 without an error. */
  readonly rstCode?: number | undefined;
  /** Whether the client or the server has closed the stream. */
  readonly closed?: boolean;
  readonly destroyed?: boolean;
  readonly writableFinished?: boolean;
  on?(event: 'end', listener: () => void): unknown;
}
