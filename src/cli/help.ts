import type { CommandDefinition } from './command.ts';
import type { Options } from './options.ts';

const LINE_WIDTH = 100;

/** The text of a command's `--help`. */
export function helpText({
  name,
  operands,
  summary,
  description,
  options,
  exitCodes,
}: CommandDefinition<Options>): string {
  const rows = Object.entries(options).map(([option, { placeholder, help }]) => {
    return [`--${option}${placeholder === undefined ? '' : valueText(placeholder)}`, help] as const;
  });
  return [
    `usage: zeroprom ${name} [options] ${operands}`,
    '',
    summary,
    '',
    ...wrap(description, LINE_WIDTH),
    '',
    'Options:',
    ...definitionList([...rows, ['--help', 'Show this text and exit.']]),
    '',
    'Exit codes:',
    ...definitionList([...exitCodes].map(([code, meaning]) => [String(code), meaning])),
    '',
  ].join('\n');
}

function valueText(placeholder: string): string {
  return placeholder.startsWith('[=') ? placeholder : ` ${placeholder}`;
}

/** Two columns, the right one wrapped. */
export function definitionList(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 4;
  return rows.flatMap(([left, right]) => {
    return wrap(right, LINE_WIDTH - width).map((line, index) => {
      return (index === 0 ? `  ${left}` : '').padEnd(width) + line;
    });
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines;
}
