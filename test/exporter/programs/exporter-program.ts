/** Arguments of `node` that start the exporter of this folder. */
export const EXPORTER: readonly string[] = ['test/exporter/programs/exporter.mjs'];
