/**
 * An exporter for a Redis server, as an example of a complete exporter without further dependencies:
 *
 * - `redis-exporter.ts`: flags, collector, configuration check, reload and shutdown. Run it.
 * - `redis-collector.ts`: the collector. It asks the server at each scrape; `redis_up` tells whether it answered.
 * - `redis-info.ts`: the answer to `INFO` as metric families.
 * - `redis-client.ts`: a connection to Redis that respects deadlines and signals.
 * - `alerts.yml`: an alerting rule. `redis-exporter.test.ts`: a test without a server.
 */
import { readFile } from 'node:fs/promises';
import { parseDuration, runExporter } from 'zeroprom';
import { parseAddress, RedisClient } from './redis-client.ts';
import { RedisCollector } from './redis-collector.ts';

let client: RedisClient | undefined;
let passwordFile = '';

await runExporter({
  name: 'redis_exporter',
  description: 'Metrics of a Redis server.',
  version: '1.0.0',
  defaultPort: 9121,
  flags: {
    'redis.address': { help: 'Host and port of the Redis server.', default: '127.0.0.1:6379', parse: parseAddress },
    'redis.password-file': {
      help: 'Path of a file with the password of Redis; without one, no password is sent.',
      placeholder: 'FILE',
      default: '',
    },
    'redis.timeout': {
      help: 'Maximum time to wait for Redis, also if the scrape timeout is longer.',
      default: '5s',
      parse: parseDuration,
    },
  },

  // Called once, before the exporter listens. An error ends the process.
  async setup(flags) {
    client = new RedisClient(flags['redis.address']);
    passwordFile = flags['redis.password-file'];
    await readPassword();
  },

  // Each collector gets the flag --collector.NAME.
  collectors: {
    redis: {
      help: 'Metrics from the command INFO.',
      create(flags) {
        if (client === undefined) throw new Error('setup() must be called before create().');
        return new RedisCollector(client, flags['redis.timeout']);
      },
    },
  },

  // For --config.check: one sentence for each mistake.
  async checkConfig(flags) {
    const file = flags['redis.password-file'];
    if (file === '') return [];
    return readFile(file).then(
      () => [],
      (error) => [`--redis.password-file cannot be read: ${error.message}`],
    );
  },

  // On SIGHUP and POST /-/reload.
  reload: readPassword,

  // After the last scrape has ended.
  shutdown: () => client?.close(),
});

async function readPassword(): Promise<void> {
  if (passwordFile !== '') client?.usePassword((await readFile(passwordFile, 'utf8')).trim());
}
