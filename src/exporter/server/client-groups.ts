/**
 * The groups that a client at an address belongs to, from the widest: its network and itself. Hosts have an IPv6 /64 to
 * themselves, but share an IPv4 network. Clients of a Unix socket have no address, and are one group.
 */
export function clientGroups(address = ''): readonly string[] {
  const [, v4] = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (v4 !== undefined) return [`${v4}/32`, v4];
  return [`${leadingGroups(address)}/64`, address];
}

/** The first 64 bits of an IPv6 address, with the zeros that `::` stands for. */
function leadingGroups(address: string): string {
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const [before, after] = [head.split(':'), tail.split(':')];
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...zeros, ...after].slice(0, 4).join(':');
}
