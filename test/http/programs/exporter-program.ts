const PROGRAM = 'test/http/programs/exporter.mjs';

/** How Node starts the exporter of this folder. */
export const EXPORTER: readonly string[] = process.env.NODE_V8_COVERAGE ? ['--import', 'tsx', PROGRAM] : [PROGRAM];
