/** The answer of a receiver. */
export interface PushResponse {
  readonly status: number;
  /** Headers by their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The beginning of the body, as text. */
  readonly body: string;
  /** The same, as bytes. */
  readonly bytes: Uint8Array;
}

/** Bodies are read up to this length: receivers answer with a short message, or with a few lines of JSON. */
export const MOST_RESPONSE_BYTES = 64 * 1024;

/** Whether the receiver has accepted a request. */
export function isSuccess({ status }: Pick<PushResponse, 'status'>): boolean {
  return status >= 200 && status < 300;
}

/** Whether the same request may succeed later. */
export function isRetryable(status: number): boolean {
  return status === 429 || status >= 500;
}
