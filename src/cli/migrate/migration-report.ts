import { escapeInvisible } from '../command/colors.ts';
import type { CommandIo } from '../command/command-io.ts';
import { type Alias, allowsApi, type PackageManager } from './aliases.ts';
import type { Copy, Dependant } from './dependants.ts';
import type { Edit } from './manifest.ts';
import type { Verdict } from './verdict.ts';

export interface ReportedUse {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly package: string;
  /** `new Counter`, `register.metrics()`. */
  readonly use: string;
  readonly verdict: Verdict['kind'];
  readonly message: string;
}

export interface MigrationReport {
  readonly manager: PackageManager;
  readonly edits: readonly Edit[];
  /** The replaced packages that the project or its packages use, with the project's own range. */
  readonly ranges: readonly (Alias & { readonly range: string | undefined })[];
  readonly dependants: readonly Dependant[];
  readonly copies: readonly Copy[];
  readonly uses: readonly ReportedUse[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

export const migrationFormats = {
  text: writeText,
  json: async (report: MigrationReport, isWritten: boolean, io: CommandIo): Promise<void> => {
    const { manager, edits, dependants, copies, uses, skipped } = report;
    const json = { packageManager: manager, isWritten, edits, dependants, copies, uses, skipped };
    await io.write(`${JSON.stringify(json, undefined, 2)}\n`);
  },
};

async function writeText(report: MigrationReport, isWritten: boolean, io: CommandIo): Promise<void> {
  const line = (text: string) => io.write(`${escapeInvisible(text)}\n`);
  for (const text of [...manifestLines(report, isWritten), ...packageLines(report)]) await line(text);
  for (const { path, line: row, column, use, verdict, message } of report.uses) {
    if (verdict !== 'same') await line(`${path}:${row}:${column}: ${verdict}: ${use}: ${message}`);
  }
  for (const { path, reason } of report.skipped) await line(`${path || '.'}: check by hand: ${reason}`);
  await line(summary(report.uses));
}

function* manifestLines({ edits, ranges, manager }: MigrationReport, isWritten: boolean): Generator<string> {
  if (ranges.length === 0) yield 'package.json: it does not depend on prom-client or @prometheus-io/client.';
  else if (edits.length === 0) yield 'package.json: nothing to change.';
  for (const alias of ranges) {
    const { name, apiVersion, range } = alias;
    if (range !== undefined && !allowsApi(range, alias)) {
      yield `package.json: check by hand: ${name} ${range}: zeroprom has the API of version ${apiVersion}; see the changelog of ${name} for what has changed.`;
    }
  }
  for (const { path, before, after } of edits) {
    const change =
      before === undefined ? JSON.stringify(after) : `${JSON.stringify(before)} -> ${JSON.stringify(after)}`;
    yield `package.json: ${isWritten ? 'written' : 'write'}: ${path.join('.')}: ${change}`;
  }
  if (isWritten && edits.length > 0) yield `Run "${manager} install" now.`;
}

function* packageLines({ dependants, copies, ranges }: MigrationReport): Generator<string> {
  for (const { path, version, uses, range, kind } of dependants) {
    const alias = ranges.find(({ name }) => name === uses);
    const isOther = alias !== undefined && !allowsApi(range, alias);
    const note = isOther ? `check by hand: the override gives it version ${alias.apiVersion}.` : 'no change is needed.';
    yield `${path}: version ${version} uses ${uses} ${range} (${kind}): ${note}`;
  }
  for (const { path, name, version, isAlias } of copies) {
    if (isAlias) yield `${path}: already zeroprom.`;
    else if (path !== `node_modules/${name}`) {
      yield `${path}: another copy of ${name}, version ${version}, with its own registry: the override removes it.`;
    }
  }
}

function summary(uses: readonly ReportedUse[]): string {
  const count = (verdict: Verdict['kind']) => uses.filter((use) => use.verdict === verdict).length;
  const counts = new Map<string, number>();
  for (const { use, verdict } of uses) if (verdict === 'same') counts.set(use, (counts.get(use) ?? 0) + 1);
  const names = [...counts].map(([use, times]) => (times === 1 ? use : `${times} × ${use}`)).join(', ');
  const same = `Uses that stay the same: ${count('same')}${names === '' ? '' : ` (${names})`}.`;
  return `${same} Uses that differ: ${count('differs')}, to check by hand: ${count('check by hand')}.`;
}
