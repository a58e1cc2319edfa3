import type { Severity } from '../../lint/index.ts';
import { printable } from '../command/colors.ts';
import type { Console } from '../command/command-io.ts';

/** A finding and its place, as far as it has one. */
export interface ReportedFinding {
  readonly input: string;
  readonly line?: number;
  readonly column?: number;
  /** `parse`, or a rule of the linter. */
  readonly rule: string;
  readonly severity: Severity;
  readonly family?: string;
  readonly message: string;
  readonly hint?: string;
}

/** Shows findings as they come. */
export interface Report {
  add(finding: ReportedFinding): Promise<void>;
  /** Once, after the last. */
  end(): Promise<void>;
}

export const findingFormats = { text: textReport, json: jsonReport, github: githubReport };

function textReport(console: Console): Report {
  const { paint } = console;
  const styles = { error: 'red', warning: 'yellow', hint: 'cyan' } as const;
  return {
    add: ({ input, line, column, rule, severity, message, hint }) => {
      const place = paint('bold', printable(line === undefined ? input : `${input}:${line}:${column}`));
      const advice = hint === undefined ? '' : paint('dim', ` (${printable(hint)})`);
      return console.write(`${place}: ${paint(styles[severity], rule)}: ${printable(message)}${advice}\n`);
    },
    end: async () => {},
  };
}

/** One array, an element a line. */
function jsonReport(console: Console): Report {
  let before = '[\n';
  return {
    add: async (finding) => {
      await console.write(`${before}  ${JSON.stringify(finding)}`);
      before = ',\n';
    },
    end: () => console.write(before === '[\n' ? '[]\n' : '\n]\n'),
  };
}

/** Workflow commands of GitHub Actions. Only files of the workspace have a place that can be marked. */
function githubReport(console: Console): Report {
  const kinds = { error: 'error', warning: 'warning', hint: 'notice' } as const;
  return {
    add: ({ input, line, column, rule, severity, message, hint }) => {
      const place = line === undefined ? '' : `file=${property(input)},line=${line},col=${column},`;
      const text = escapeData(`${message}${hint === undefined ? '' : ` (${hint})`}`);
      return console.write(`::${kinds[severity]} ${place}title=${property(`${rule} in ${input}`)}::${text}\n`);
    },
    end: async () => {},
  };
}

function escapeData(text: string): string {
  return printable(text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A'));
}

function property(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
