/** Writes the API report: the public declarations without comments, one file for each of `dist/cjs/`, to `api/`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { apiReport } from './api-report.ts';

rmSync('api', { recursive: true, force: true });
for (const [file, text] of apiReport()) {
  mkdirSync(dirname(join('api', file)), { recursive: true });
  writeFileSync(join('api', file), text);
}
