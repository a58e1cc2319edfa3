/**
 * The reference as Markdown. `npm run check` has validated the comments.
 *
 * @type {import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions}
 */
export default {
  extends: ['../typedoc.json'],
  tsconfig: '../tsconfig.json',
  // The first entry point that exports a symbol describes it, and the others link to it.
  entryPoints: ['../src/index.ts', '../src/*/index.ts', '../src/http.ts', '../src/testing/hostile/index.ts'],
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
