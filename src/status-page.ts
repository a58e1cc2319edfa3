/** The subpath `zeroprom/status-page`: a live page about a process. */
export type { ShownTask, StatusPageOptions, TaskSource } from './status-page/server/page-options.ts';
export { type StatusPage, statusPage } from './status-page/server/status-page.ts';
