import { readFileSync } from 'node:fs';

const { entryPoints } = JSON.parse(readFileSync(new URL('../typedoc.json', import.meta.url), 'utf8'));
/** Only exports what others define. The first entry point that exports a symbol describes it, and the others link to it. */
const LAST = 'src/http.ts';

/**
 * The reference as Markdown. `npm run check` has validated the comments.
 *
 * @type {import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions}
 */
export default {
  extends: ['../typedoc.json'],
  tsconfig: '../tsconfig.json',
  entryPoints: [...entryPoints.filter((path) => path !== LAST), LAST].map((path) => `../${path}`),
  name: 'API reference',
  plugin: ['typedoc-plugin-markdown', './typedoc-plugin.js'],
  emit: 'docs',
  outputs: [{ name: 'markdown', path: 'pages/reference' }],
  validation: false,
  preservedTypeAnnotationTags: ['@throws'],
  jsDocCompatibility: { defaultTag: false },
  readme: 'none',
  sort: ['alphabetical'],
  disableSources: true,
  entryFileName: 'index',
  hideBreadcrumbs: true,
  hidePageHeader: true,
  pageTitleTemplates: { index: 'API reference', module: '{name}', member: '{name}' },
  parametersFormat: 'table',
};
