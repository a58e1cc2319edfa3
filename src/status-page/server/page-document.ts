import { createHash } from 'node:crypto';
import { escapeHtml, htmlList } from '../../http/response/html.ts';
import { formatDuration } from '../../model/duration.ts';
import type { About, CollectorState, Family, FullMessage, Workers } from '../protocol.ts';
import { clientAssets } from './client-assets.ts';
import { TASK_COLUMNS, taskCells } from './task-table.ts';

/** Content that the page shows before its program runs, and without JavaScript. */
export type PageContent = Pick<
  FullMessage,
  'about' | 'health' | 'workers' | 'families' | 'collectors' | 'tasks' | 'time'
>;

/** Renders the page. The program of the page replaces what is in `#app`. */
export function renderPage({ about, health, workers, families, collectors, tasks = [], time }: PageContent): string {
  const { script, style } = clientAssets;
  const name = escapeHtml(about.name);
  const links = about.links.map(({ path, text }) => `<a href="${escapeHtml(path)}">${escapeHtml(text)}</a>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${name}</title>
${style === '' ? '' : `<style>${style}</style>`}
</head>
<body>
<div id="app">
<header>
<h1>${name}</h1>
<p>${escapeHtml(about.description)}</p>
<p class="muted">${escapeHtml(runningText(about, time))}</p>
<p class="health ${health.state}">${escapeHtml(HEALTH[health.state])}</p>
${htmlList(health.reasons.map(escapeHtml))}<nav>${links.join(' ')}</nav>
${workers?.canChoose ? workerLinks(workers) : ''}</header>
<main>
${section('Collectors', COLLECTOR_COLUMNS, collectors.map(collectorCells), (index) => collectors[index]?.state !== 'ok')}${section(
  'Tasks',
  TASK_COLUMNS,
  tasks.map((task) => taskCells(task, task.lastError ?? '', time)),
  (index) => (tasks[index]?.consecutiveFailures ?? 0) > 0,
)}${section('Metrics', FAMILY_COLUMNS, families.map(familyCells))}</main>
</div>
${script === '' ? '' : `<script>${script}</script>`}
</body>
</html>
`;
}

/** The policy for the page: its own program and style, and requests to its own server. */
export function pagePolicy(): string {
  const { script, style } = clientAssets;
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function workerLinks({ shown, list }: Workers): string {
  const choices = ['all', 'each', ...list.map(({ worker }) => worker)].map((choice) => {
    const text = escapeHtml(choice);
    return choice === shown
      ? `<strong>${text}</strong>`
      : `<a href="?worker=${encodeURIComponent(choice)}">${text}</a>`;
  });
  return `<p>Workers: ${choices.join(' ')}</p>\n`;
}

const HEALTH: Readonly<Record<FullMessage['health']['state'], string>> = {
  healthy: 'Healthy',
  'not-ready': 'Not ready',
  unhealthy: 'Unhealthy',
  failing: 'Failing',
};

const COLLECTOR_COLUMNS = ['Collector', 'State', 'Duration', 'Last error'];
const FAMILY_COLUMNS = ['Name', 'Type', 'Series', 'Value', 'Help'];

function collectorCells({ name, state, seconds, lastError = '' }: CollectorState): readonly string[] {
  return [
    name,
    state,
    seconds === undefined ? '' : `${(seconds * 1000).toLocaleString('en', { maximumSignificantDigits: 3 })} ms`,
    state === 'ok' ? '' : lastError,
  ];
}

function familyCells({ name, type, help, values: { series, value } }: Family): readonly string[] {
  const shown = typeof value === 'number' ? value.toLocaleString('en', { maximumSignificantDigits: 6 }) : (value ?? '');
  return [name, type, String(series), shown, help];
}

/** Describes the running program, as far as it is known. */
function runningText({ version, startedAt }: About, now: number): string {
  const versionText = version === undefined ? '' : `Version ${version}`;
  if (startedAt === undefined) return versionText;
  const started = new Date(startedAt).toISOString().slice(0, 19).replace('T', ' ');
  const uptime = formatDuration(Math.max(0, Math.round((now - startedAt) / 1000)) * 1000);
  return `${versionText === '' ? 'Up' : `${versionText}, up`} for ${uptime} since ${started} UTC`;
}

/** Cells are text. `isFailing` tells which rows are red. */
function section(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  isFailing: (index: number) => boolean = () => false,
): string {
  if (rows.length === 0) return '';
  const head = columns.map((column) => `<th scope="col">${column}</th>`).join('');
  const lines = rows.map((cells, index) => {
    const tags = cells.map((cell) => `<td>${escapeHtml(cell)}</td>`);
    return `<tr${isFailing(index) ? ' class="failing"' : ''}>${tags.join('')}</tr>\n`;
  });
  return `<section>\n<h2>${title}</h2>\n<div class="scroll"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${lines.join('')}</tbody></table></div>\n</section>\n`;
}

function hashOf(text: string): string {
  return text === '' ? "'none'" : `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
