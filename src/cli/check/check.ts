import { lint, lintFamilies } from '../../lint/lint.ts';
import type { Rule } from '../../lint/rule.ts';
import type { ParseMode } from '../../parse/input/options.ts';
import { defineCommand } from '../command/command.ts';
import { CommandError, UsageError } from '../command/command-error.ts';
import type { Console } from '../command/command-io.ts';
import { listOption, type OptionValues, oneOf, valueOption } from '../command/options.ts';
import { type Document, readDocument } from '../document/document.ts';
import type { InspectLines, LineFormat } from '../document/document-readers.ts';
import { inputOptions } from '../input/input-options.ts';
import { checkMemory, withMemoryChecks } from '../input/memory-limit.ts';
import { modeOption } from '../input/mode-option.ts';
import { FindingList } from './finding-list.ts';
import { findingFormats, type Report } from './finding-report.ts';
import { lineRules, type ReportFinding, rulesOfLines } from './line-finding.ts';
import { LineIndex } from './line-index.ts';
import { type LineRuleOptions, LineRules } from './line-rules.ts';

const options = {
  format: valueOption(
    'FORMAT',
    'How findings are shown: text (the default), json, or github, annotations of a workflow.',
    oneOf(['text', 'json', 'github']),
    'text',
  ),
  mode: modeOption('strict'),
  preset: valueOption(
    'PRESET',
    'promlint, the default, is what promtool checks; exporter adds the guidelines on writing exporters.',
    oneOf(['promlint', 'exporter']),
    'promlint',
  ),
  'exporter-name': valueOption(
    'NAME',
    'With --preset exporter: what the names of the metrics begin with.',
    String,
    undefined,
  ),
  disable: listOption('RULE', 'Leave a rule of the linter out. May be repeated.', String),
  ...inputOptions,
};

type CheckOptions = OptionValues<typeof options>;

/** Codes as promtool has them; of several inputs the gravest counts. */
const SOUND = 0;
const UNREADABLE = 1;
const FINDINGS = 3;

export const check = defineCommand({
  name: 'check',
  operands: '[INPUT]...',
  summary: 'Checks expositions for mistakes: what their format forbids, and what Prometheus advises against.',
  description: [
    'An input is a file, an http(s) URL, host:port (its /metrics), or - for standard input, the default. gzip is unpacked.',
    'Prints nothing if all is well, else a line for each finding: INPUT:LINE:COLUMN: RULE: MESSAGE (HINT).',
  ].join('\n'),
  options,
  exitCodes: new Map([
    [SOUND, 'Nothing was found.'],
    [UNREADABLE, 'An input cannot be read, or holds what its format forbids; or the command line is wrong.'],
    [FINDINGS, 'All inputs can be read, but something was found in them.'],
  ]),
  errorCode: UNREADABLE,
  run: async ({ options, operands }, console) => {
    const inputs = operands.length === 0 ? ['-'] : operands;
    if (inputs.filter((input) => input === '-').length > 1)
      throw new UsageError('standard input can be read once only.');
    checkRules(options);
    const report = findingFormats[options.format](console);
    const codes: number[] = [];
    for (const input of inputs) codes.push(await checkInput(input, options, report, console));
    await report.end();
    return codes.includes(UNREADABLE) ? UNREADABLE : Math.max(...codes);
  },
});

/** Unknown names of rules, before anything is read. */
function checkRules(options: CheckOptions): void {
  try {
    lint([], lintOptions(options));
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(`--disable: ${error.message}`) : error;
  }
}

/** The linter knows the names of the rules for lines, so that they can be switched off as its own. */
const namesOfLineRules = lineRules.map((name): Rule => ({ name, severity: 'error', check: () => [] }));

function lintOptions({ preset, disable, 'exporter-name': exporterName }: CheckOptions, others: readonly string[] = []) {
  const rules = Object.fromEntries([...disable, ...others].map((rule) => [rule, 'off'] as const));
  return { preset, exporterName, rules, custom: namesOfLineRules };
}

async function checkInput(input: string, options: CheckOptions, report: Report, console: Console): Promise<number> {
  const findings = new FindingList();
  const onFinding: ReportFinding = (rule, describe) => {
    if (!options.disable.includes(rule)) findings.add(rule, 'error', () => ({ column: 1, ...describe() }));
  };
  let lines: LineIndex | undefined;
  const inspectLines: InspectLines = (next, format) => {
    lines = new LineIndex(next);
    return new LineRules(lines, onFinding, lineRuleOptions(format, options.mode));
  };
  try {
    const document = await readDocument(input, { ...options, inspectLines }, console.stdin);
    addParseErrors(document, lines, findings);
    addLintFindings(document, lines, options, findings);
    for (const finding of findings.sorted()) await report.add({ input: document.name, ...finding });
    if (document.errors.length > 0) return UNREADABLE;
    return findings.isEmpty ? SOUND : FINDINGS;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.complain(error.message);
    return UNREADABLE;
  }
}

function addParseErrors({ errors }: Document, lines: LineIndex | undefined, findings: FindingList): void {
  for (const { line, column, message } of errors) {
    // Protobuf has no lines: the message says which message it is.
    const place = lines === undefined ? { message } : { line, column, message: withoutPlace(message) };
    findings.add('parse', 'error', () => place);
  }
}

/** Which rules apply to lines: in strict mode, the OpenMetrics reader enforces them; version 2.0 has one line for each distribution. */
function lineRuleOptions(format: LineFormat, mode: ParseMode): LineRuleOptions {
  if (format === 'text') return { groups: mode === 'strict', distributions: true, byTime: false };
  return { groups: false, distributions: mode === 'prometheus' && format === 'openmetrics', byTime: true };
}

/** "Line 1, column 2: expected ..." as it follows a place. */
function withoutPlace(message: string): string {
  return message.replace(/^Line \d+, column \d+: /, '');
}

/** Finding duplicate series takes the linter almost as much memory as the series themselves. */
const SHARE_TO_LINT = 0.5;

/** What has been found in lines is not looked for in families again. */
function addLintFindings(
  { families }: Document,
  lines: LineIndex | undefined,
  options: CheckOptions,
  findings: FindingList,
): void {
  if (lines === undefined) checkMemory(SHARE_TO_LINT);
  const found = lintFamilies(families, lintOptions(options, lines === undefined ? [] : rulesOfLines));
  for (const { family, rule, severity, message, hint } of withMemoryChecks(found)) {
    findings.add(rule, severity, () => {
      const line = lines?.lineOf(family);
      const place = line === undefined ? {} : { line, column: 1 };
      return { family, ...place, message, hint };
    });
  }
}
