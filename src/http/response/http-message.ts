/** The part of a request of `node:http` or `node:http2` that is used here. */
export interface HttpRequest {
  readonly method?: string | undefined;
  readonly httpVersionMajor: number;
  /** Absent where a request is injected and came over no connection. */
  readonly socket?: HttpSocket | undefined;
}

export interface HttpSocket {
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly destroyed: boolean;
  /** Absent from the connections of some mocks. */
  once?(event: 'close', listener: (this: HttpSocket) => void): unknown;
}

/** The part of a response of `node:http` or `node:http2` that is used here. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly writableEnded: boolean;
  readonly destroyed?: boolean;
  readonly headersSent?: boolean;
  /** Null while a response waits behind others, and once all of it was sent. */
  readonly socket?: object | null;
  /** The stream of HTTP/2. */
  readonly stream?: HttpStream | undefined;
  on(event: 'close' | 'finish', listener: (this: HttpResponse) => void): unknown;
}

/** A stream of HTTP/2. */
export interface HttpStream {
  /** 0 if there was no error. */
  readonly rstCode?: number | undefined;
  /** Whether the client or the server has closed the stream. */
  readonly closed?: boolean;
  readonly destroyed?: boolean;
  readonly writableFinished?: boolean;
  on?(event: 'end', listener: () => void): unknown;
}
