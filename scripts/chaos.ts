/**
 * Runs the chaos tests of remote write, OTLP and the Pushgateway for some minutes each: `npm run test:chaos -- MINUTES [SEED]`. A
 * `prometheus` and a `prometheus-pushgateway` in the PATH are among the receivers.
 */
import { spawnSync } from 'node:child_process';

const [minutes = '10', seed = '7'] = process.argv.slice(2);
if (!(Number(minutes) > 0)) throw new Error(`Usage: npm run test:chaos -- MINUTES [SEED], got ${minutes} minutes`);
const env = { ...process.env, CHAOS_MINUTES: minutes, CHAOS_SEED: seed };
const files = ['remote-write', 'otlp', 'pushgateway'].map((target) => `test/push/${target}/chaos.test.ts`);
const { status } = spawnSync('npx', ['tsx', 'scripts/test.ts', ...files], { env, stdio: 'inherit' });
process.exitCode = status ?? 1;
