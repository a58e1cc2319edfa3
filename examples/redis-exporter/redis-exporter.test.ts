/** Tests the collector without a Redis server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'zeroprom';
import { assertExposition } from 'zeroprom/testing';
import { parseAddress } from './redis-client.ts';
import { RedisCollector } from './redis-collector.ts';

const INFO = `# Server\r
redis_version:7.0.15\r
redis_mode:standalone\r
uptime_in_seconds:42\r
# Stats\r
keyspace_hits:7\r
# Replication\r
role:master\r
# Keyspace\r
db0:keys=3,expires=1,avg_ttl=5000\r
`;

function registryWith(send: () => Promise<string>): Registry {
  const registry = new Registry();
  registry.register(new RedisCollector({ send }, 1000));
  return registry;
}

test('the fields of INFO become metrics', async () => {
  await assertExposition(
    registryWith(async () => INFO),
    `
# HELP redis_db_keys Number of keys.
# TYPE redis_db_keys gauge
redis_db_keys{db="db0"} 3
# HELP redis_db_keys_expiring Number of keys that have an expiry.
# TYPE redis_db_keys_expiring gauge
redis_db_keys_expiring{db="db0"} 1
# HELP redis_instance_info Version and role.
# TYPE redis_instance_info gauge
redis_instance_info{version="7.0.15",mode="standalone",role="master"} 1
# HELP redis_keyspace_hits_total Total number of lookups that found a key.
# TYPE redis_keyspace_hits_total counter
redis_keyspace_hits_total 7
# HELP redis_up Whether the last scrape was successful.
# TYPE redis_up gauge
redis_up 1
# HELP redis_uptime_seconds Time since the server started.
# TYPE redis_uptime_seconds gauge
redis_uptime_seconds 42
`,
  );
});

for (const [what, send] of [
  ['does not accept connections', () => Promise.reject(new Error('connect ECONNREFUSED'))],
  ['answers something else', () => Promise.resolve('hello')],
] as const) {
  test(`redis_up is 0 if the server ${what}`, async () => {
    const text = await registryWith(send).expose();
    assert.match(text, /^redis_up 0$/m);
    assert.doesNotMatch(text, /redis_uptime_seconds/);
  });
}

test('addresses are host and port', () => {
  assert.deepEqual(parseAddress('[::1]:6379'), { host: '::1', port: 6379 });
  for (const text of ['', 'localhost', 'localhost:0', 'localhost:65536', ':6379', '::1:6379', 'redis://a:1']) {
    assert.throws(() => parseAddress(text), RangeError, text);
  }
});
