import { BlockList, isIP } from 'node:net';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the proxy for requests to a URL, as the environment variables say: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`,
 * or the same in lower case, with the rules of Go. Throws a RangeError if the variable is not the URL of an HTTP proxy.
 */
export function proxyOf(url: URL, environment: Environment = process.env): URL | undefined {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  // A CGI server passes the request header Proxy as HTTP_PROXY.
  if (name === 'HTTP_PROXY' && environment['REQUEST_METHOD'] !== undefined) return undefined;
  const proxy = variable(environment, name);
  if (proxy === '' || isLoopback(url) || isExcluded(url, variable(environment, 'NO_PROXY'))) return undefined;
  return parseProxy(proxy, name);
}

/** Parses the URL of a proxy; `http://` may be left out. Errors do not contain it, because it may contain a password. */
export function parseProxy(proxy: string, name: string): URL {
  const text = proxy.includes('://') ? proxy : `http://${proxy}`;
  if (!URL.canParse(text)) throw new RangeError(`${name} must be the URL of a proxy, got another text.`);
  const url = new URL(text);
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  throw new RangeError(`${name} must start with http:// or https://, got ${url.protocol}.`);
}

/** Returns the port of a URL, also if it is the default of the protocol. */
export function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

/** Returns the host of a URL without the brackets of an IPv6 address. */
export function hostOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

function variable(environment: Environment, name: string): string {
  return (environment[name] || environment[name.toLowerCase()] || '').trim();
}

function isLoopback(url: URL): boolean {
  const host = hostOf(url);
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function isExcluded(url: URL, list: string): boolean {
  return list
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== '' && matches(url, entry));
}

/** An entry of `NO_PROXY`: `*`, an address, a network, or a domain that includes its subdomains, with or without a port. */
function matches(url: URL, entry: string): boolean {
  if (entry === '*') return true;
  const host = hostOf(url);
  const [network, prefix] = entry.split('/');
  if (network !== undefined && prefix !== undefined) return isInNetwork(host, network, Number(prefix));
  const { name, port } = splitPort(entry);
  if (port !== undefined && port !== portOf(url)) return false;
  if (isIP(name) !== 0) return name === host;
  const domain = name.replace(/^\*?\./, '');
  return host.endsWith(`.${domain}`) || (host === domain && !name.startsWith('.') && !name.startsWith('*.'));
}

function isInNetwork(host: string, network: string, prefix: number): boolean {
  const [family, hostFamily] = [isIP(network), isIP(host)];
  const isValid = family !== 0 && Number.isInteger(prefix) && prefix >= 0 && prefix <= (family === 4 ? 32 : 128);
  if (!isValid || family !== hostFamily) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const networks = new BlockList();
  networks.addSubnet(network, prefix, type);
  return networks.check(host, type);
}

function splitPort(entry: string): { readonly name: string; readonly port: number | undefined } {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? [];
  const name = bracketed ?? plain ?? entry; // An IPv6 address without brackets has no port.
  return { name, port: port === undefined ? undefined : Number(port) };
}
