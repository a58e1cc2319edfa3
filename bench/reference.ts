import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ratiosOf } from './compare.ts';
import type { Figures } from './question.ts';

const SOURCES = join(import.meta.dirname, 'reference/go');

/** What client libraries of Go take for the same, by one program for all of them: where there is a Go toolchain. */
export class GoReference {
  readonly #folder = mkdtempSync(join(tmpdir(), 'zeroprom-bench-'));
  readonly #program: string | undefined;

  constructor() {
    const program = join(this.#folder, 'reference');
    const { status } = spawnSync('go', ['build', '-o', program, '.'], { cwd: SOURCES });
    this.#program = status === 0 ? program : undefined;
  }

  /** The figures of a case, compared with those of the base; none where Go has no such thing. */
  rows(question: string, caseName: string, base: Figures | undefined) {
    if (this.#program === undefined) return [];
    const { stdout } = spawnSync(this.#program, [question, caseName], { encoding: 'utf8' });
    // The program is the one beside this file.
    const rows: readonly { question: string; case: string; library: string; figures: Figures }[] = JSON.parse(stdout);
    return rows.map((row) => (base === undefined ? row : { ...row, ratios: ratiosOf(row.figures, base) }));
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
