import type { MetricFamily } from 'zeroprom';

/** Metrics of one field of `INFO` each: type, name, help and field. */
const metrics = [
  ['gauge', 'redis_uptime_seconds', 'Time since the server started.', 'uptime_in_seconds'],
  ['gauge', 'redis_connected_clients', 'Number of connected clients.', 'connected_clients'],
  ['gauge', 'redis_blocked_clients', 'Number of clients that wait in a blocking command.', 'blocked_clients'],
  ['gauge', 'redis_memory_used_bytes', 'Memory that Redis has allocated.', 'used_memory'],
  ['gauge', 'redis_memory_max_bytes', 'Limit for allocated memory; 0 for no limit.', 'maxmemory'],
  ['counter', 'redis_connections_received_total', 'Total number of connections.', 'total_connections_received'],
  ['counter', 'redis_commands_processed_total', 'Total number of commands.', 'total_commands_processed'],
  ['counter', 'redis_keyspace_hits_total', 'Total number of lookups that found a key.', 'keyspace_hits'],
  ['counter', 'redis_keyspace_misses_total', 'Total number of lookups that found no key.', 'keyspace_misses'],
  ['counter', 'redis_expired_keys_total', 'Total number of keys that expired.', 'expired_keys'],
  ['counter', 'redis_evicted_keys_total', 'Total number of keys evicted to free memory.', 'evicted_keys'],
] as const;

/** Converts the answer to `INFO` to metric families. Fields that the server does not have are left out. */
export function familiesOf(info: string): MetricFamily[] {
  const fields = new Map(
    Array.from(info.matchAll(/^(\w+):([^\r\n]*)/gm), ([, name = '', value = '']) => [name, value]),
  );
  const families: MetricFamily[] = [];
  for (const [type, name, help, field] of metrics) {
    const value = Number.parseFloat(fields.get(field) ?? '');
    if (Number.isFinite(value)) families.push({ name, help, type, points: [{ labels: {}, value }] });
  }
  const version = fields.get('redis_version');
  if (version !== undefined) {
    const labels = { version, mode: fields.get('redis_mode') ?? '', role: fields.get('role') ?? '' };
    families.push({
      name: 'redis_instance_info',
      help: 'Version and role.',
      type: 'info',
      points: [{ labels, value: 1 }],
    });
  }
  return [...families, ...keyspace(fields)];
}

/** Reads the lines of databases, such as `db0:keys=2,expires=1,avg_ttl=0`. */
function keyspace(fields: ReadonlyMap<string, string>): MetricFamily[] {
  const databases = [...fields].flatMap(([db, text]) => {
    const counts = /^keys=(\d+),expires=(\d+)/.exec(text);
    return counts === null ? [] : [{ labels: { db }, keys: Number(counts[1]), expires: Number(counts[2]) }];
  });
  if (databases.length === 0) return [];
  return [
    {
      name: 'redis_db_keys',
      help: 'Number of keys.',
      type: 'gauge',
      points: databases.map(({ labels, keys }) => ({ labels, value: keys })),
    },
    {
      name: 'redis_db_keys_expiring',
      help: 'Number of keys that have an expiry.',
      type: 'gauge',
      points: databases.map(({ labels, expires }) => ({ labels, value: expires })),
    },
  ];
}
