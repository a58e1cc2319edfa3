import type { IncomingMessage } from 'node:http';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface HttpHeaders {
  /** For any server: what the client is and reads. */
  readonly common: Readonly<Record<string, string>>;
  /** For the server that the user named, and no other that it redirects to: credentials, headers of the user's. */
  readonly private: Readonly<Record<string, string>>;
}

const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 10;

/**
 * The response to a GET request, after redirects, with its body as it was sent. `fetch()` would unpack the body and not
 * say whether all of it came. Rejects where there is no response.
 */
export async function httpGet(url: URL, headers: HttpHeaders, signal: AbortSignal): Promise<IncomingMessage> {
  let target = url;
  for (let count = 0; count <= MAX_REDIRECTS; count++) {
    const isNamed = target.origin === url.origin;
    const response = await request(
      target,
      isNamed ? { ...headers.common, ...headers.private } : headers.common,
      signal,
    );
    const { location } = response.headers;
    if (!REDIRECTS.includes(response.statusCode ?? 0) || location === undefined) return response;
    response.destroy();
    target = redirectTarget(location, target);
  }
  throw new Error(`it redirects more than ${MAX_REDIRECTS} times`);
}

function request(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    // Without credentials in the URL: Node would send those, too.
    const target = new URL(url);
    target.username = '';
    target.password = '';
    send(target, { headers, signal, agent: false }, resolve)
      .on('error', reject) // Also behind the response, where its own error says more.
      .end();
  });
}

function redirectTarget(location: string, from: URL): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (target?.protocol === 'http:' || target?.protocol === 'https:') return target;
  throw new Error('it redirects to something that is not a URL of HTTP');
}
