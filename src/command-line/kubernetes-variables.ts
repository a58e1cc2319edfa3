import { isIP } from 'node:net';

type IsValue = (value: string) => boolean;

const isUrl: IsValue = (value) => /^(tcp|udp|sctp):\/\/[^/\s]+:\d+$/.test(value);
const isAddress: IsValue = (value) => isIP(value) !== 0;
const isPort: IsValue = (value) => /^\d+$/.test(value);

/** The protocol, the address and the port of a URL. */
const URL_PARTS = /^(\w+):\/\/\[?([^\]]+?)\]?:(\d+)$/;

/** Suffixes of the variables that Kubernetes sets, and the values that they have. */
const SHAPES: readonly (readonly [end: RegExp, isValue: IsValue])[] = [
  [/_PORT_\d+_(TCP|UDP|SCTP)$/, isUrl],
  [/_PORT_\d+_(TCP|UDP|SCTP)_PROTO$/, (value) => /^(tcp|udp|sctp)$/.test(value)],
  [/_PORT_\d+_(TCP|UDP|SCTP)_PORT$/, isPort],
  [/_PORT_\d+_(TCP|UDP|SCTP)_ADDR$/, isAddress],
  [/_SERVICE_HOST$/, isAddress],
  [/_SERVICE_PORT(_[A-Z0-9_]+)?$/, isPort],
  [/_PORT$/, isUrl],
];

/**
 * Whether Kubernetes has set a variable: it sets some for each Service of the namespace in all containers, and a
 * Service may have the name of the exporter.
 */
export function isServiceVariable(name: string, value: string): boolean {
  return SHAPES.some(([end, isValue]) => end.test(name) && isValue(value));
}

/**
 * Whether Kubernetes has set a variable that also belongs to a flag. A number or an address is for the flag unless it
 * occurs in a URL of the same Service.
 */
export function hidesFlag(name: string, value: string, env: NodeJS.ProcessEnv): boolean {
  if (!isServiceVariable(name, value)) return false;
  const service = name.replace(/_(SERVICE_(HOST|PORT)|PORT_\d+_).*$/, '');
  const urls = Object.entries(env).filter(([other]) => other.startsWith(`${service}_PORT`));
  return isUrl(value) || urls.some(([, url = '']) => isUrl(url) && URL_PARTS.exec(url)?.includes(value));
}
