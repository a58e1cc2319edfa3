/**
 * Runs the chaos tests of remote write for some minutes each: `npm run test:chaos -- MINUTES [SEED]`. A `prometheus` in the PATH is one of
 * the receivers.
 */
import { spawnSync } from 'node:child_process';

const [minutes = '10', seed = '7'] = process.argv.slice(2);
if (!(Number(minutes) > 0)) throw new Error(`Usage: npm run test:chaos -- MINUTES [SEED], got ${minutes} minutes`);
const env = { ...process.env, CHAOS_MINUTES: minutes, CHAOS_SEED: seed };
const { status } = spawnSync('npx', ['tsx', 'scripts/test.ts', 'test/push/remote-write/chaos.test.ts'], {
  env,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
