import { printable } from '../../model/printable.ts';
import type { PushResponse } from './push-response.ts';

const MOST_CHARACTERS = 1024;

/** The error of a request that a receiver has answered with a status other than 2xx. */
export class PushError extends Error {
  /** `'PushError'`. */
  override readonly name = 'PushError';
  /** HTTP status. */
  readonly status: number;
  /** The beginning of the receiver's explanation. */
  readonly body: string;

  /** For senders; `request` is the method and the URL. */
  constructor(request: string, { status, headers, body }: PushResponse) {
    const words = printable(body.trim().slice(0, MOST_CHARACTERS));
    const isRedirect = status >= 300 && status < 400;
    const location = printable(String(headers.location ?? 'another URL').slice(0, MOST_CHARACTERS));
    const advice = `Redirects are not followed: it points to ${location}; set url to where the receiver is.`;
    super(`${request} was answered with status ${status}${isRedirect ? `. ${advice}` : words && `: ${words}`}`);
    this.status = status;
    this.body = words;
  }
}
