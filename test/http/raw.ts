import { once } from 'node:events';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Sends a GET over its own connection. Adds no headers and does not decompress the body. */
export async function rawGet(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  options: RequestOptions = {},
) {
  const [response] = await once(request(url, { agent: false, ...options, headers }).end(), 'response');
  return { status: response.statusCode, headers: response.headers, body: await text(response) } satisfies RawAnswer;
}
