import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { variableOf } from '../../src/command-line/environment.ts';
import { type Flag, type Flags, flagUsage } from '../../src/command-line/flag.ts';
import { helpText } from '../../src/command-line/help.ts';
import { deliveryFlags } from '../../src/exporter/deliveries.ts';
import { exporterFlags } from '../../src/exporter/exporter-flags.ts';

const PAGE = 'docs/flags.md';
const flags = { ...exporterFlags(2112), ...deliveryFlags };

test('the table in docs/flags.md lists all flags', () => {
  const page = readFileSync(PAGE, 'utf8');
  const table = /^\| flag \|[\s\S]*?\n(?!\|)/m.exec(page)?.[0] ?? '';
  if (process.env.UPDATE_GOLDEN) writeFileSync(PAGE, page.replace(table, flagsTable(flags)));
  else assert.equal(table, flagsTable(flags), 'UPDATE_GOLDEN=1 writes it anew');
});

test('the help of every flag is a sentence on one line', () => {
  const help = helpText({ usage: 'x_exporter', flags, prefix: 'x_exporter' });
  for (const [name, flag] of Object.entries(flags)) {
    assert.ok(help.includes(flagUsage(name, flag)), name);
    assert.match(flag.help, /^[A-Z][^|\n]*\.$/);
  }
});

/** Formats the flags as a Markdown table. */
function flagsTable(all: Flags): string {
  const rows = Object.entries(all).map(([name, flag]) => [
    `\`--${flag.isSwitch ? `[no-]${name}` : name}\``,
    `\`${variableOf(name, 'PREFIX', flag)}\``,
    defaultOf(flag),
    flag.help + (flag.isRepeatable ? ' Repeatable.' : ''),
  ]);
  const lines = [['flag', 'variable', 'default', 'meaning'], ['---', '---', '---', '---'], ...rows];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function defaultOf(flag: Flag): string {
  const text = flag.default ?? (flag.isSwitch ? 'false' : '');
  return text === '' ? '' : `\`${text}\``;
}
