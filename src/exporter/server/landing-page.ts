import { createHash } from 'node:crypto';
import { escapeHtml, htmlList } from '../../http/response/html.ts';
import { thrownText } from '../../model/thrown.ts';
import type { TaskStatus } from '../../scheduler/task.ts';
import { TASK_COLUMNS, taskCells } from '../../status-page/server/task-table.ts';

export interface LandingPageOptions {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly links: readonly { readonly path: string; readonly text: string }[];
  readonly tasks?: readonly TaskStatus[];
  readonly collectors?: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const STYLE =
  ':root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}' +
  'div{overflow-x:auto}table{border-collapse:collapse}th,td{text-align:left;padding:.25rem .75rem .25rem 0;vertical-align:top}' +
  'th{font-weight:600}';

/** Content-Security-Policy of the page: nothing but its style. */
export const LANDING_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/**
 * Renders the page at `/`: links, collectors and the state of tasks. Links are relative, so that they work behind any
 * prefix.
 */
export function landingPage(options: LandingPageOptions): string {
  const { name, description, version, links, tasks = [], collectors = [], now } = options;
  const items = links.map(({ path, text }) => `<a href="${escapeHtml(path)}">${escapeHtml(text)}</a>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<style>${STYLE}</style>
<title>${escapeHtml(name)}</title>
</head>
<body>
<h1>${escapeHtml(name)}</h1>
<p>${escapeHtml(description)}</p>
${htmlList(items)}${htmlSection('Collectors', htmlList(collectors.map(escapeHtml)))}${htmlSection('Tasks', taskTable(tasks, now))}<p>Version ${escapeHtml(version)}</p>
</body>
</html>
`;
}

function taskTable(tasks: readonly TaskStatus[], now: number): string {
  if (tasks.length === 0) return '';
  const rows = tasks.map((task) => taskCells(task, thrownText(task.lastError).slice(0, 200), now));
  const lines = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>\n`);
  return `<div><table>\n<tr>${TASK_COLUMNS.map((title) => `<th>${title}</th>`).join('')}</tr>\n${lines.join('')}</table></div>\n`;
}

function htmlSection(title: string, content: string): string {
  return content === '' ? '' : `<h2>${title}</h2>\n${content}`;
}
