import type { Severity } from '../../lint/rule.ts';
import { escapeInvisible } from '../command/colors.ts';
import type { CommandIo } from '../command/command-io.ts';

/** A finding with its input and, if it has one, its place. */
export interface ReportedFinding {
  readonly input: string;
  readonly line?: number;
  readonly column?: number;
  /** `parse` or a rule of the linter. */
  readonly rule: string;
  readonly severity: Severity;
  readonly family?: string;
  readonly message: string;
  readonly hint?: string;
}

/** Writes findings one by one. */
export interface FindingReport {
  add(finding: ReportedFinding): Promise<void>;
  /** Called once, after the last finding. */
  end(): Promise<void>;
}

export const findingFormats = { text: textReport, json: jsonReport, github: githubReport };

function textReport(io: CommandIo): FindingReport {
  const { paint } = io;
  const styles = { error: 'red', warning: 'yellow', hint: 'cyan' } as const;
  return {
    add: ({ input, line, column, rule, severity, message, hint }) => {
      const place = paint('bold', escapeInvisible(line === undefined ? input : `${input}:${line}:${column}`));
      const advice = hint === undefined ? '' : paint('dim', ` (${escapeInvisible(hint)})`);
      return io.write(`${place}: ${paint(styles[severity], rule)}: ${escapeInvisible(message)}${advice}\n`);
    },
    end: async () => {},
  };
}

/** Writes one array with a line for each element. */
function jsonReport(io: CommandIo): FindingReport {
  let before = '[\n';
  return {
    add: async (finding) => {
      await io.write(`${before}  ${JSON.stringify(finding)}`);
      before = ',\n';
    },
    end: () => io.write(before === '[\n' ? '[]\n' : '\n]\n'),
  };
}

/** Writes workflow commands of GitHub Actions, which annotate lines of files in the workspace. */
function githubReport(io: CommandIo): FindingReport {
  const kinds = { error: 'error', warning: 'warning', hint: 'notice' } as const;
  return {
    add: ({ input, line, column, rule, severity, message, hint }) => {
      const place = line === undefined ? '' : `file=${property(input)},line=${line},col=${column},`;
      const text = escapeData(`${message}${hint === undefined ? '' : ` (${hint})`}`);
      return io.write(`::${kinds[severity]} ${place}title=${property(`${rule} in ${input}`)}::${text}\n`);
    },
    end: async () => {},
  };
}

function escapeData(text: string): string {
  return escapeInvisible(text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A'));
}

function property(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
