import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Row } from './compare.ts';

const FILE = join(import.meta.dirname, 'figures.json');

/** Figures for the documentation, and the machine on which they were measured. */
export interface SavedFigures {
  readonly cpu: string;
  readonly line: number;
  readonly rows: readonly Row[];
}

export function savedFigures(): SavedFigures {
  if (!existsSync(FILE)) return { cpu: '', line: 0, rows: [] };
  return JSON.parse(readFileSync(FILE, 'utf8'));
}

/** Saves rows, which replace those of the same cases. */
export function saveFigures(rows: readonly Row[], line: number): void {
  const isNew = (old: Row) => rows.some((row) => row.question === old.question && row.case === old.case);
  const kept = savedFigures().rows.filter((row) => !isNew(row));
  const rounded = rows.map((row) => ({ ...row, figures: rounding(row.figures), ...ratios(row) }));
  const saved: SavedFigures = { cpu: cpus()[0]?.model ?? '', line, rows: [...kept, ...rounded] };
  writeFileSync(FILE, `${JSON.stringify(saved, null, 2)}\n`);
}

function ratios(row: Row): Pick<Row, 'ratios'> {
  return row.ratios === undefined ? {} : { ratios: rounding(row.ratios) };
}

function rounding(figures: Row['figures']): Row['figures'] {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(4))]));
}
