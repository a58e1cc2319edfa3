/**
 * Returns the groups of a client from the widest to the narrowest: its network and its address. An IPv6 host usually
 * has a /64 network of its own; an IPv4 host counts as its own network. All clients of a Unix socket, which have no
 * address, are one group.
 */
export function clientGroups(address = ''): readonly string[] {
  const [, v4] = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (v4 !== undefined) return [`${v4}/32`, v4];
  return [`${leadingGroups(address)}/64`, address];
}

/** Returns the first 64 bits of an IPv6 address, with `::` expanded. */
function leadingGroups(address: string): string {
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const [before, after] = [head.split(':'), tail.split(':')];
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...zeros, ...after].slice(0, 4).join(':');
}
