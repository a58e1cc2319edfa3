/** Serves `fetch.ts` of the working directory with workerd, and again after each edit. `fill` adds many series. */
import { readFileSync, watch } from 'node:fs';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';

const stdin = {
  contents: `${process.argv[2] === 'fill' ? "import './fill.mjs';" : ''} export { default } from './fetch.ts';`,
  resolveDir: process.cwd(),
};

async function options() {
  const { outputFiles } = await build({
    stdin,
    bundle: true,
    format: 'esm',
    write: false,
    conditions: ['workerd', 'worker'],
    external: ['node:*'],
  });
  return {
    modules: true,
    script: outputFiles[0]?.text ?? '',
    compatibilityDate: '2026-01-01',
    compatibilityFlags: ['nodejs_compat'],
    host: '127.0.0.1',
    port: Number(process.env['PORT']),
  };
}

const miniflare = new Miniflare(await options());
await miniflare.ready;
const watcher = watch('fetch.ts', async () => {
  // The first event comes when the file is still empty.
  if (readFileSync('fetch.ts', 'utf8') !== '') await miniflare.setOptions(await options());
});
process.once('SIGTERM', async () => {
  watcher.close();
  await miniflare.dispose();
});
