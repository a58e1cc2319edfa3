import { lint } from '../lint/index.ts';
import { defineCommand } from './command.ts';
import { CommandError, UsageError } from './command-error.ts';
import type { Console } from './console.ts';
import { type Document, readDocument } from './document.ts';
import { findingFormats, type Report, type ReportedFinding } from './finding-report.ts';
import { inputOptions } from './input-options.ts';
import { modeOption } from './mode-option.ts';
import { listOption, type OptionValues, oneOf, valueOption } from './options.ts';

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
    [FINDINGS, 'All inputs can be read, but the linter found something.'],
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

function lintOptions({ preset, disable, 'exporter-name': exporterName }: CheckOptions) {
  return { preset, exporterName, rules: Object.fromEntries(disable.map((rule) => [rule, 'off'] as const)) };
}

async function checkInput(input: string, options: CheckOptions, report: Report, console: Console): Promise<number> {
  try {
    const document = await readDocument(input, { ...options, withPlaces: true }, console.stdin);
    const findings = [...parseFindings(document), ...lintFindings(document, options)];
    findings.sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
    for (const finding of findings) await report.add(finding);
    if (document.errors.length > 0) return UNREADABLE;
    return findings.length > 0 ? FINDINGS : SOUND;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.complain(error.message);
    return UNREADABLE;
  }
}

function parseFindings({ name, errors, places }: Document): ReportedFinding[] {
  return errors.map(({ line, column, message }) => ({
    input: name,
    rule: 'parse',
    severity: 'error',
    // Protobuf has no lines: the message says which message it is.
    ...(places === undefined ? {} : { line, column }),
    message: places === undefined ? message : withoutPlace(message),
  }));
}

/** "Line 1, column 2: expected ..." as it follows a place. */
function withoutPlace(message: string): string {
  return message.replace(/^Line \d+, column \d+: /, '');
}

function lintFindings(document: Document, options: CheckOptions): ReportedFinding[] {
  const { name, families, places } = document;
  const repetitions = new Map<string, number>();
  return lint(families, lintOptions(options)).map(({ family, rule, severity, message, hint }) => {
    let line = places?.lineOf(family);
    if (rule === 'duplicate-metric') {
      const count = repetitions.get(family) ?? 0;
      repetitions.set(family, count + 1);
      line = places?.repetitionsIn(family)[count] ?? line;
    }
    const place = line === undefined ? {} : { line, column: 1 };
    return { input: name, rule, severity, family, ...place, message, hint };
  });
}
