/** What is used of a request of `node:http`, or of `node:http2`. */
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
}

/** What is used of a response of `node:http`, or of `node:http2`. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly writableEnded: boolean;
  /** In HTTP/2; its code is 0 where nothing went wrong. */
  readonly stream?: { readonly rstCode?: number | undefined };
  on(event: 'close', listener: (this: HttpResponse) => void): unknown;
}

/**
 * Whether all of a response went out, once it is closed. The end of its connection before then is the only sign that it
 * did not: Node.js reports what had been written, and was thrown away with the connection, as finished.
 */
export function isWhole({ httpVersionMajor, socket }: HttpRequest, response: HttpResponse): boolean {
  if (httpVersionMajor > 1) return response.stream?.rstCode === 0;
  return response.writableEnded && socket?.destroyed !== true;
}
