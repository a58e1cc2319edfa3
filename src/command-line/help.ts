import { type Flag, type Flags, variableOf } from './flag.ts';

/** What a program can do instead of serving, by name: one line of `--help` each. */
export type CommandHelp = Readonly<Record<string, string>>;

/** The text of `--help`. */
export function helpText(
  program: string,
  description: string,
  flags: Flags,
  prefix: string,
  commands: CommandHelp = {},
): string {
  const rows = Object.entries(flags).map(([name, flag]) => [`  --${usage(name, flag)}`, explained(name, flag, prefix)]);
  const all = [...rows, ['  --help', 'Show this text and exit.'], ['  --version', 'Show the version and exit.']];
  return [
    `usage: ${program} [<flags>]${Object.keys(commands).length === 0 ? '' : ' [<command>]'}`,
    '',
    ...(description === '' ? [] : [description, '']),
    'Flags (or, in brackets, variables of the environment):',
    ...columns(all),
    '',
    'Commands:',
    ...columns(Object.entries(commands).map(([name, help]) => [`  ${name}`, help])),
    '',
  ].join('\n');
}

/** The same as rows of a Markdown table: flag, variable, default, meaning. */
export function flagsTable(flags: Flags): string {
  const rows = Object.entries(flags).map(([name, flag]) => [
    `\`--${flag.isSwitch ? `[no-]${name}` : name}\``,
    `\`${variableOf(name, 'PREFIX')}\``,
    flag.default === '' ? '' : `\`${flag.default}\``,
    flag.help + (flag.isRepeatable ? ' Can be given several times.' : ''),
  ]);
  const lines = [['flag', 'variable', 'default', 'meaning'], ['---', '---', '---', '---'], ...rows];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function usage(name: string, { isSwitch, default: value }: Flag): string {
  if (isSwitch) return value === 'true' ? `no-${name}` : name;
  return value === '' ? `${name}=...` : `${name}=${value}`;
}

function explained(name: string, { help, isRepeatable }: Flag, prefix: string): string {
  return `${help}${isRepeatable ? ' Can be given several times.' : ''} [${variableOf(name, prefix)}]`;
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map(([left = '']) => left.length)) + 2;
  return rows.map(([left = '', right = '']) => left.padEnd(width) + right);
}
