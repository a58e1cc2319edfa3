import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** Sources of the client, for the compiled tests too. */
const folder = fileURLToPath(new URL('../client/', import.meta.url.replace('/.compiled/', '/')));

const { outputFiles } = buildSync({
  entryPoints: [`${folder}main.ts`, `${folder}style.css`],
  bundle: true,
  minify: true,
  charset: 'utf8',
  format: 'iife',
  target: ['chrome109', 'firefox115', 'safari16.4'],
  outdir: folder,
  write: false,
});
const textOf = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text.trim() ?? '';

/**
 * The program and the style of the page in the browser, bundled from their sources. `scripts/build.ts` replaces this module
 * by one that has them as compressed text.
 */
export const clientAssets: { readonly script: string; readonly style: string } = {
  script: textOf('.js'),
  style: textOf('.css'),
};
