/** An address to listen on: a TCP port, a Unix socket, or a socket that systemd has opened. */
export type ListenAddress = TcpAddress | UnixAddress | InheritedSocket;

/** A port on the interface of a host, or on all interfaces. */
export interface TcpAddress {
  readonly host?: string;
  readonly port: number;
}

export interface UnixAddress {
  readonly path: string;
  /** Permissions as for `chmod`: who may connect. */
  readonly mode?: number;
}

export interface InheritedSocket {
  readonly fd: number;
}

/** Maximum length in bytes that the kernel supports. */
const LONGEST_PATH = 107;

/**
 * Parses `:2112`, `127.0.0.1:2112`, `localhost:2112`, `[::1]:2112`, `[fe80::1%eth0]:2112`, `unix:/run/x.sock` or
 * `unix:/run/x.sock?mode=0660`.
 *
 * @throws {RangeError} if the text is anything else.
 */
export function parseListenAddress(text: string): TcpAddress | UnixAddress {
  const address = parseUnix(text) ?? parseTcp(text);
  if (address !== undefined) return address;
  throw new RangeError(
    `must be a listen address such as :2112, 127.0.0.1:2112, [::1]:2112 or unix:/run/x.sock?mode=0660, got ${JSON.stringify(text)}.`,
  );
}

/**
 * Returns the URL at which this machine reaches the address, with an IPv6 zone as in RFC 6874. Unix sockets have no URL
 * and are shown as they are written.
 */
export function urlOf(address: ListenAddress, scheme: 'http' | 'https' = 'http'): string {
  if ('path' in address) return `unix:${address.path}`;
  if ('fd' in address) return `fd:${address.fd}`;
  const host = reachableHost(address);
  return `${scheme}://${host.includes(':') ? `[${host.replace('%', '%25')}]` : host}:${address.port}`;
}

/** Returns the host at which this machine reaches the address. */
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
