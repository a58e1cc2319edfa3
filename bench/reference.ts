import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Row, ratiosOf } from './compare.ts';
import type { Figures } from './question.ts';

/** Builds the program of `reference/` in a language as the file `program` in a folder. */
interface Source {
  readonly language: string;
  readonly build: (folder: string) => readonly [command: string, ...args: string[]];
  readonly program: string;
}

const SOURCES: readonly Source[] = [
  {
    language: 'go',
    build: (folder) => ['go', 'build', '-o', join(folder, 'reference'), '.'],
    program: 'reference',
  },
  {
    language: 'rust',
    build: (folder) => ['cargo', 'build', '--release', '--locked', '--target-dir', folder],
    program: 'release/reference',
  },
];

/** Measures the same with a client library of another language, if its toolchain is installed. */
export class Reference {
  readonly #folder = mkdtempSync(join(tmpdir(), 'zeroprom-bench-'));
  readonly #program: string;

  constructor({ language, build, program }: Source) {
    const [command, ...args] = build(this.#folder);
    spawnSync(command, args, { cwd: join(import.meta.dirname, 'reference', language) });
    this.#program = join(this.#folder, program);
  }

  static all(): Reference[] {
    return SOURCES.map((source) => new Reference(source));
  }

  /** Returns the figures of a case, compared with those of the base; empty if the language does not support it. */
  rows(question: string, caseName: string, base: Figures | undefined): Row[] {
    if (!existsSync(this.#program)) return [];
    const { stdout } = spawnSync(this.#program, [question, caseName], { encoding: 'utf8' });
    // The program is in bench/reference/.
    const rows: readonly Row[] = JSON.parse(stdout);
    return rows.map((row) => (base === undefined ? row : { ...row, ratios: ratiosOf(row.figures, base) }));
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
