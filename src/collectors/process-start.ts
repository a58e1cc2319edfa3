/**
 * When this process began, in Unix seconds: one figure for its whole life, whatever happens to the clock. In a worker too it
 * is the process and not the thread.
 */
export const processStart = Math.round(Date.now() - process.uptime() * 1000) / 1000;
