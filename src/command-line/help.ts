import { variableOf } from './environment.ts';
import { type Flag, type Flags, flagUsage } from './flag.ts';

const LINE_WIDTH = 100;
/** Longer left columns put their explanation on the next line. */
const LEFT_WIDTH = 48;

/** Contents of `--help`, in the order in which they are shown. */
export interface HelpPage {
  /** How the program is called: `zeroprom check [flags] [INPUT]...`. */
  readonly usage: string;
  /** Paragraphs; line feeds within them are kept. */
  readonly description?: readonly string[];
  readonly flags?: Flags;
  /** Prefix of the environment variables, which are shown if it is given. */
  readonly prefix?: string;
  /** Commands by name, with a sentence each. */
  readonly commands?: Readonly<Record<string, string>>;
  readonly exitCodes?: ReadonlyMap<number, string>;
  readonly footer?: string;
}

const INFORMATION: readonly HelpRow[] = [
  ['--help', 'Show this text and exit.'],
  ['--version', 'Show the version and exit.'],
];

/** Formats the text of `--help` for a terminal of 100 columns. */
export function helpText({
  usage,
  description = [],
  flags,
  prefix,
  commands = {},
  exitCodes,
  footer,
}: HelpPage): string {
  const rows = Object.entries(flags ?? {}).map(
    ([name, flag]): HelpRow => [flagUsage(name, flag), explain(name, flag, prefix)],
  );
  const codes = [...(exitCodes ?? [])].map(([code, meaning]): HelpRow => [String(code), meaning]);
  return [
    `usage: ${usage}`,
    ...description.flatMap((paragraph) => ['', ...wrap(paragraph, LINE_WIDTH)]),
    ...section(`Flags${prefix === undefined ? '' : ' (environment variables in brackets)'}:`, [
      ...rows,
      ...INFORMATION,
    ]),
    ...section('Commands:', Object.entries(commands)),
    ...section('Exit codes:', codes),
    ...(footer === undefined ? [] : ['', ...wrap(footer, LINE_WIDTH)]),
    '',
  ].join('\n');
}

/** Left and right column. */
type HelpRow = readonly [string, string];

function explain(name: string, flag: Flag, prefix: string | undefined): string {
  return [
    flag.help,
    ...(flag.isRepeatable ? ['Repeatable.'] : []),
    ...(flag.placeholder !== undefined && flag.default ? [`Default: ${flag.default}.`] : []),
    ...(prefix === undefined ? [] : [`[${variableOf(name, prefix, flag)}]`]),
  ].join(' ');
}

function section(title: string, rows: readonly HelpRow[]): string[] {
  return rows.length === 0 ? [] : ['', title, ...definitionList(rows)];
}

function definitionList(rows: readonly HelpRow[]): string[] {
  const lengths = rows.map(([left]) => left.length).filter((length) => length <= LEFT_WIDTH);
  const width = Math.max(...lengths, 0) + 4;
  return rows.flatMap(([left, right]) => {
    const lines = wrap(right, LINE_WIDTH - width);
    const [first = '', ...others] = left.length + 4 > width ? ['', ...lines] : lines;
    return [`  ${left}`.padEnd(width) + first, ...others.map((line) => ' '.repeat(width) + line)].map((line) =>
      line.trimEnd(),
    );
  });
}

function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const [first = '', ...words] = paragraph.split(' ');
    const lines = [first];
    for (const word of words) {
      const line = `${lines.at(-1)} ${word}`;
      if (line.length <= width) lines[lines.length - 1] = line;
      else lines.push(word);
    }
    return lines;
  });
}
