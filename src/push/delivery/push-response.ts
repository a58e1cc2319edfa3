import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** The answer of a receiver. */
export interface PushResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The beginning of the body, as text. */
  readonly body: string;
  /** The same, as bytes. */
  readonly bytes: Uint8Array;
  /** Whether `body` is all of it. */
  readonly isComplete: boolean;
}

/** Whether the receiver has accepted a request. */
export function isSuccess({ status }: Pick<PushResponse, 'status'>): boolean {
  return status >= 200 && status < 300;
}

/** Whether the same request may succeed later. */
export function isRetryable(status: number): boolean {
  return status === 429 || status >= 500;
}

/** Bodies are read up to this length: receivers answer with a short message, or with a few lines of JSON. */
const MOST_BYTES = 64 * 1024;

/** Reads a response up to a maximum length. Never rejects: its status counts, even if the body is cut or hangs. */
export function readResponse(message: IncomingMessage): Promise<PushResponse> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve) => {
    const end = (isComplete: boolean) => {
      const bytes = Buffer.concat(chunks).subarray(0, MOST_BYTES);
      const { statusCode: status = 0, headers } = message;
      resolve({ status, headers, body: bytes.toString(), bytes, isComplete });
    };
    message.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MOST_BYTES) message.destroy();
    });
    message.on('end', () => end(length <= MOST_BYTES));
    message.on('error', () => {}); // Followed by `close`.
    message.on('close', () => end(false));
  });
}
