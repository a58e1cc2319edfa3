import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

/**
 * Whether a request names a host that no page of another site can make its own: an address, `localhost`, this machine or
 * one of `others`. A page whose name was bound to this machine's address (DNS rebinding) names itself.
 */
export function isAllowedHost({ headersDistinct, url = '' }: IncomingMessage, others: readonly string[]): boolean {
  const hosts = headersDistinct['host'] ?? [];
  const [, target] = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(url) ?? [];
  return (
    hosts.length === 1 &&
    [...hosts, ...(target === undefined ? [] : [target])].every((host) => {
      const name = nameOf(host);
      return name !== undefined && (isLocal(name) || others.includes(name));
    })
  );
}

/** Whether a browser says that a page of another site sends the request (Fetch Metadata, Origin). Programs say nothing. */
export function isFromOtherSite({ headers, headersDistinct }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'] ?? 'none';
  if (site !== 'none' && site !== 'same-origin') return true;
  return (headersDistinct['origin'] ?? []).some((origin) => !isOriginOf(origin, headers.host ?? ''));
}

/** By host and port: whether the connection of a browser is encrypted is a proxy's to know. */
function isOriginOf(origin: string, host: string): boolean {
  const [, scheme] = /^(https?):\/\/[^/?#@\\]+$/i.exec(origin) ?? [];
  const own = `${scheme}://${host}`;
  return (
    scheme !== undefined && URL.canParse(origin) && URL.canParse(own) && new URL(origin).host === new URL(own).host
  );
}

/** The name or address in `name:port`, in lower case and without a dot at its end; undefined where there is none. */
function nameOf(host: string): string | undefined {
  const [, address, name] = /^(?:\[([\da-f:.]+(?:%[\w.-]+)?)\]|([^\s:@/\\?#,[\]]+))(?::\d{0,5})?$/i.exec(host) ?? [];
  if (address !== undefined) return isIP(address) === 6 ? address : undefined;
  return name?.toLowerCase().replace(/\.$/, '');
}

function isLocal(name: string): boolean {
  const machine = hostname().toLowerCase().replace(/\.$/, '');
  return isIP(name) !== 0 || name === 'localhost' || name === machine || name === machine.split('.')[0];
}
