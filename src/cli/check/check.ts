import type { Flags, FlagValues } from '../../command-line/flag.ts';
import { oneOf } from '../../command-line/flag.ts';
import { CommandError, UsageError } from '../../command-line/usage-error.ts';
import { lint, lintFamilies } from '../../lint/lint.ts';
import type { LintFamily, Rule } from '../../lint/rule.ts';
import type { MetricFamily } from '../../model/family.ts';
import type { ParseMode } from '../../parse/input/options.ts';
import { defineCommand } from '../command/command.ts';
import type { CommandIo } from '../command/command-io.ts';
import { type Document, readDocument } from '../document/document.ts';
import type { InspectLines, LineFormat } from '../document/document-readers.ts';
import { inputDescription, inputFlags, modeFlag } from '../input/input-flags.ts';
import { checkMemory, withMemoryChecks } from '../input/memory-limit.ts';
import { FindingList, lineRules, type ReportFinding, rulesOfLines } from './finding-list.ts';
import { type FindingReport, findingFormats } from './finding-report.ts';
import { LineIndex } from './line-index.ts';
import { type LineRuleOptions, LineRules } from './line-rules.ts';

const flags = {
  format: {
    help: 'Output format: text, json or github (annotations in a GitHub workflow).',
    placeholder: 'FORMAT',
    default: 'text',
    parse: oneOf(['text', 'json', 'github']),
  },
  mode: modeFlag('strict'),
  preset: {
    help: 'Rules to check: promlint has those of promtool, exporter adds the guidelines on writing exporters.',
    placeholder: 'PRESET',
    default: 'promlint',
    parse: oneOf(['promlint', 'exporter']),
  },
  'exporter-name': { help: 'With --preset exporter: the prefix that all metrics should have.', placeholder: 'NAME' },
  disable: { help: 'Disable a rule of the linter.', placeholder: 'RULE', isRepeatable: true },
  ...inputFlags,
} satisfies Flags;

type CheckFlags = FlagValues<typeof flags>;

/** The same exit codes as promtool; of several inputs the most severe counts. */
const SOUND = 0;
const UNREADABLE = 1;
const FINDINGS = 3;

export const check = defineCommand({
  name: 'check',
  operands: '[INPUT]...',
  summary: 'Checks expositions for what their format forbids and what Prometheus advises against.',
  description: [inputDescription, 'Prints a line for each finding: INPUT:LINE:COLUMN: RULE: MESSAGE (HINT).'],
  flags,
  exitCodes: new Map([
    [SOUND, 'Nothing was found.'],
    [UNREADABLE, 'An input cannot be read or contains what its format forbids, or the command line is invalid.'],
    [FINDINGS, 'All inputs can be read, but something was found.'],
  ]),
  errorCode: UNREADABLE,
  run: async ({ flags, operands }, io) => {
    const inputs = operands.length === 0 ? ['-'] : operands;
    if (inputs.filter((input) => input === '-').length > 1)
      throw new UsageError('standard input can only be read once.');
    checkRules(flags);
    const report = findingFormats[flags.format](io);
    const codes: number[] = [];
    for (const input of inputs) codes.push(await checkInput(input, flags, report, io));
    await report.end();
    return codes.includes(UNREADABLE) ? UNREADABLE : Math.max(...codes);
  },
});

/** Rejects unknown names of rules before anything is read. */
function checkRules(flags: CheckFlags): void {
  try {
    lint([], lintOptions(flags));
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(`--disable: ${error.message}`) : error;
  }
}

/** Makes the names of the rules for lines known to the linter, so that they can be disabled like its own. */
const namesOfLineRules = lineRules.map((name): Rule => ({ name, severity: 'error', check: () => [] }));

function lintOptions({ preset, disable, 'exporter-name': exporterName }: CheckFlags, others: readonly string[] = []) {
  const rules = Object.fromEntries([...disable, ...others].map((rule) => [rule, 'off'] as const));
  return { preset, exporterName, rules, custom: namesOfLineRules };
}

async function checkInput(input: string, flags: CheckFlags, report: FindingReport, io: CommandIo): Promise<number> {
  const findings = new FindingList();
  const onFinding: ReportFinding = (rule, describe) => {
    if (!flags.disable.includes(rule)) findings.add(rule, 'error', () => ({ column: 1, ...describe() }));
  };
  let lines: LineIndex | undefined;
  const inspectLines: InspectLines = (next, format) => {
    lines = new LineIndex(next);
    return new LineRules(lines, onFinding, lineRuleOptions(format, flags.mode));
  };
  try {
    const document = await readDocument(input, { ...flags, inspectLines }, io);
    io.progress('Checking');
    addParseErrors(document, lines, findings);
    addLintFindings(document, lines, flags, findings);
    for (const finding of findings.sorted()) await report.add({ input: document.name, ...finding });
    if (document.errors.length > 0) return UNREADABLE;
    return findings.isEmpty ? SOUND : FINDINGS;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    io.complain(error.message);
    return UNREADABLE;
  }
}

function addParseErrors({ errors }: Document, lines: LineIndex | undefined, findings: FindingList): void {
  for (const { line, column, message } of errors) {
    // In formats without lines, the text of the error contains the place.
    const isByLine = lines !== undefined; // Then the place is shown in front of the message already.
    const place = isByLine ? { line, column, message: message.replace(/^Line \d+, column \d+: /, '') } : { message };
    findings.add('parse', 'error', () => place);
  }
}

/** Selects the rules for lines. The OpenMetrics reader enforces them in strict mode, and version 2.0 has one line per distribution. */
function lineRuleOptions(format: LineFormat, mode: ParseMode): LineRuleOptions {
  if (format === 'text') return { groups: mode === 'strict', distributions: true, byTime: false };
  return { groups: false, distributions: mode === 'prometheus' && format === 'openmetrics', byTime: true };
}

/** Finding duplicate series takes the linter almost as much memory as the series themselves. */
const SHARE_TO_LINT = 0.5;

/** Adds what the linter finds, without the rules that have already been applied to lines. */
function addLintFindings(
  { families }: { readonly families: readonly MetricFamily[] },
  lines: LineIndex | undefined,
  flags: CheckFlags,
  findings: FindingList,
): void {
  if (lines === undefined) checkMemory(SHARE_TO_LINT);
  // Arrays or packed points: both have a length, and the rules need nothing else.
  const checked = families as readonly LintFamily[];
  const found = lintFamilies(checked, lintOptions(flags, lines === undefined ? [] : rulesOfLines));
  for (const { family, rule, severity, message, hint } of withMemoryChecks(found)) {
    findings.add(rule, severity, () => {
      const line = lines?.lineOf(family);
      const place = line === undefined ? {} : { line, column: 1 };
      return { family, ...place, message, hint };
    });
  }
}
