/** Where to listen: a TCP port, a Unix socket, or a socket that systemd has opened. */
export type ListenAddress = TcpAddress | UnixAddress | InheritedSocket;

/** A port of all interfaces, or of one. */
export interface TcpAddress {
  readonly host?: string;
  readonly port: number;
}

export interface UnixAddress {
  readonly path: string;
  /** Who may connect, as for `chmod`. */
  readonly mode?: number;
}

export interface InheritedSocket {
  readonly fd: number;
}

/** What the kernel has room for in the name of a socket. */
const LONGEST_PATH = 107;

/**
 * Reads `:2112`, `127.0.0.1:2112`, `localhost:2112`, `[::1]:2112`, `[fe80::1%eth0]:2112`, `unix:/run/x.sock` or
 * `unix:/run/x.sock?mode=0660`. Throws a RangeError for anything else.
 */
export function parseListenAddress(text: string): TcpAddress | UnixAddress {
  return parseUnix(text) ?? parseTcp(text) ?? refuse(text);
}

/**
 * The URL under which this machine reaches the address, with an IPv6 zone as RFC 6874 writes it. A Unix socket has none, and
 * is shown as it was given.
 */
export function urlOf(address: ListenAddress, scheme: 'http' | 'https' = 'http'): string {
  if ('path' in address) return `unix:${address.path}`;
  if ('fd' in address) return `fd:${address.fd}`;
  const host = reachableHost(address);
  return `${scheme}://${host.includes(':') ? `[${host.replace('%', '%25')}]` : host}:${address.port}`;
}

/** The host under which this machine reaches the address. */
export function reachableHost({ host = '0.0.0.0' }: TcpAddress): string {
  return host === '0.0.0.0' ? '127.0.0.1' : host.replace(/^::$/, '::1');
}

function parseTcp(text: string): TcpAddress | undefined {
  const [, v6, host, digits] = /^(?:\[([0-9a-fA-F:.]+(?:%[^%/\]\s]+)?)\]|([^[\]:/\s]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) return undefined;
  const name = v6 ?? host ?? '';
  return name === '' ? { port } : { host: name, port };
}

function parseUnix(text: string): UnixAddress | undefined {
  const [, path, mode] = /^unix:(\/[^?#\0]+)(?:\?mode=(0?[0-7]{3}))?$/.exec(text) ?? [];
  if (path === undefined || Buffer.byteLength(path) > LONGEST_PATH) return undefined;
  return mode === undefined ? { path } : { path, mode: Number.parseInt(mode, 8) };
}

function refuse(text: string): never {
  throw new RangeError(
    `${JSON.stringify(text)} is no listen address: write :2112, 127.0.0.1:2112, [::1]:2112 or unix:/run/x.sock?mode=0660.`,
  );
}
