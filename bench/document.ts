/**
 * Writes the tables of docs/performance.md, between their marks, and its plots, from the figures that `npm run bench --
 * --save` has saved.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './compare.ts';
import { type SavedFigures, savedFigures } from './figures.ts';
import { latencyPlot } from './latency-plot.ts';
import { BASE } from './library.ts';
import { growthPlot } from './plot.ts';
import { loadQuestion } from './questions.ts';
import { figureText, ratioText } from './show.ts';

const DOCS = join(import.meta.dirname, '../docs');
const PAGE = join(DOCS, 'performance.md');
const saved = savedFigures();

const pieces = readFileSync(PAGE, 'utf8').split(/(<!-- figures: [\w-]+ -->\n)[\s\S]*?(<!-- end -->)/);
const written = await Promise.all(pieces.map(async (piece) => piece + (await tableAfter(piece))));
writeFileSync(PAGE, written.join(''));
writeFileSync(join(DOCS, 'performance-growth.svg'), growthPlot(saved.rows));
writeFileSync(join(DOCS, 'performance-latency.svg'), latencyPlot(saved.rows));

/** Returns the content for a mark; empty for an unknown one. */
async function tableAfter(piece: string): Promise<string> {
  const [, question] = /^<!-- figures: ([\w-]+) -->/.exec(piece) ?? [];
  if (question === undefined) return '';
  return question === 'machine' ? `${machine(saved)}\n` : `\n${await table(question)}\n\n`;
}

function machine({ cpu, line }: SavedFigures): string {
  return `Measured on Node.js ${line}, on ${cpu}.`;
}

/** Returns a row per case and figure, and a column per library: figures of zeroprom and the base, ratios of others. */
async function table(question: string): Promise<string> {
  const rows = saved.rows.filter((row) => row.question === question);
  if (rows.length === 0) return 'Nothing is kept of this question: `npm run bench:docs` asks it.';
  const libraries = [...new Set(rows.map(({ library }) => library))];
  const { cases } = await loadQuestion(question);
  const lines = cases.flatMap(({ name }) =>
    linesOf(
      rows.filter((row) => row.case === name),
      name,
      libraries,
    ),
  );
  return [line(['', ...libraries]), line(['---', ...libraries.map(() => '---:')]), ...lines].join('\n');
}

function linesOf(rows: readonly Row[], name: string, libraries: readonly string[]): string[] {
  const figures = Object.keys(rows[0]?.figures ?? {});
  return figures.map((figure) => {
    const cells = libraries.map((library) =>
      cell(
        rows.find((row) => row.library === library),
        figure,
      ),
    );
    return line([figures.length > 1 ? `${name}: ${figure}` : name, ...cells]);
  });
}

function cell(row: Row | undefined, figure: string): string {
  const value = row?.figures[figure];
  if (value === undefined) return '';
  const ratio = row?.ratios?.[figure];
  const times = ratio === undefined || row?.library === BASE ? '' : ` (${ratioText(ratio)}×)`;
  return figureText(figure, value) + times;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
