import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

const UNKNOWN_HOST = 'Unknown host name: use an IP address or localhost, or add it with --web.allowed-host.\n';

/** The answer to a request of a page of another site. */
export const CROSS_SITE = 'Cross-site requests are not allowed.\n';

/** Returns why a request must not change anything; undefined if it may. */
export function refusalOf(request: IncomingMessage, allowedHosts: readonly string[]): string | undefined {
  if (!isAllowedHost(request, allowedHosts)) return UNKNOWN_HOST;
  return isFromOtherSite(request) ? CROSS_SITE : undefined;
}

/**
 * Whether the `Host` of a request is an IP address, `localhost`, the name of this machine or one of `others`. Requests
 * of a page whose name was rebound to the address of this machine (DNS rebinding) have the name of the page.
 */
export function isAllowedHost({ headersDistinct, url = '' }: IncomingMessage, others: readonly string[]): boolean {
  const hosts = headersDistinct['host'] ?? [];
  const [, target] = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(url) ?? [];
  return (
    hosts.length === 1 &&
    [...hosts, ...(target === undefined ? [] : [target])].every((host) => {
      const name = hostName(host);
      return name !== undefined && (isLocal(name) || others.includes(name));
    })
  );
}

/**
 * Whether a page of another site sent the request, according to Fetch Metadata and `Origin`. Only browsers send these.
 */
export function isFromOtherSite({ headers, headersDistinct }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'] ?? 'none';
  if (site !== 'none' && site !== 'same-origin') return true;
  return (headersDistinct['origin'] ?? []).some((origin) => !isOriginOf(origin, headers.host ?? ''));
}

/** Compares host and port only: behind a proxy, the scheme that the browser uses is unknown. */
function isOriginOf(origin: string, host: string): boolean {
  const [, scheme] = /^(https?):\/\/[^/?#@\\]+$/i.exec(origin) ?? [];
  const own = `${scheme}://${host}`;
  return (
    scheme !== undefined && URL.canParse(origin) && URL.canParse(own) && new URL(origin).host === new URL(own).host
  );
}

/** Returns the name or address of `name:port`, in lower case and without a trailing dot; undefined if it is invalid. */
function hostName(host: string): string | undefined {
  const [, address, name] = /^(?:\[([\da-f:.]+(?:%[\w.-]+)?)\]|([^\s:@/\\?#,[\]]+))(?::\d{0,5})?$/i.exec(host) ?? [];
  if (address !== undefined) return isIP(address) === 6 ? address : undefined;
  return name?.toLowerCase().replace(/\.$/, '');
}

function isLocal(name: string): boolean {
  const machine = hostname().toLowerCase().replace(/\.$/, '');
  return isIP(name) !== 0 || name === 'localhost' || name === machine || name === machine.split('.')[0];
}
