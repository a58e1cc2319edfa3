import { CommandError } from '../../command-line/usage-error.ts';

/** The URL of a server, and the Unix socket to reach it by. */
export interface ServerAddress {
  readonly url: URL;
  readonly socketPath?: string;
}

/** Replaces the name and password of a URL in messages. */
const MASK = '***';
const HTTP = /^https?:\/\//i;
/** `host:port` or `:port`, each with or without a path. */
const HOST_AND_PORT = /^(\[[\da-fA-F:.]+\]|[\w.-]*):(\d+)(\/.*)?$/;
const PORT = /^\d{1,5}$/;
/** `unix:PATH` or `unix:PATH:/URI`. */
const UNIX_SOCKET = /^unix:(\/[^:\0]*)(?::(\/.*))?$/;
const DEFAULT_PATH = '/metrics';

/** Whether an input is the name of a server, and can therefore be read again. */
export function isServerName(name: string): boolean {
  return [HTTP, UNIX_SOCKET, HOST_AND_PORT, PORT].some((pattern) => pattern.test(name));
}

/**
 * Returns the address of the server with a name: a URL, `host:port`, `:port`, a port of this machine, or
 * `unix:/run/x.sock`. A name without a path stands for its `/metrics`.
 *
 * @throws {CommandError} if the name is invalid.
 */
export function serverAddress(name: string): ServerAddress {
  const [, socketPath, uri = DEFAULT_PATH] = UNIX_SOCKET.exec(name) ?? [];
  if (socketPath !== undefined) return { url: urlOf(`http://localhost${uri}`, name), socketPath };
  if (HTTP.test(name)) return { url: urlOf(/^[^:]+:\/\/[^/?#]*$/.test(name) ? name + DEFAULT_PATH : name, name) };
  const [, host, port, path = DEFAULT_PATH] = HOST_AND_PORT.exec(PORT.test(name) ? `:${name}` : name) ?? [];
  return { url: urlOf(`http://${host || 'localhost'}:${port}${path}`, name) };
}

function urlOf(text: string, name: string): URL {
  if (!URL.canParse(text)) throw new CommandError(`${JSON.stringify(shownName(name))} is not a URL.`);
  return new URL(text);
}

/** Returns the name of an input for messages, without the credentials of a URL. */
export function shownName(input: string): string {
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(input)) return input.replace(/^[^/@\s]*:[^/@\s]*@(?=[^/@\s]+:\d)/, `${MASK}@`);
  const url = URL.canParse(input) ? new URL(input) : undefined;
  // An invalid URL may have its password anywhere before the last @.
  if (url === undefined || url.host === '') return input.replace(/^([^:]+:\/\/).*@/s, `$1${MASK}@`);
  if (url.username === '' && url.password === '') return input;
  return `${url.protocol}//${MASK}@${url.host}${url.pathname}${url.search}${url.hash}`;
}
