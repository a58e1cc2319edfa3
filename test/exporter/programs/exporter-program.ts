/** How Node starts the exporter of this folder. */
export const EXPORTER: readonly string[] = ['test/exporter/programs/exporter.mjs'];
