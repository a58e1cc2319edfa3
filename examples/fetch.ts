/**
 * Serves metrics with a Fetch handler, `(request) => response`, and measures its requests. Bun, `deno serve` and
 * Cloudflare Workers (workerd, with the flag `nodejs_compat`) run this file as it is.
 */
import { Counter, defaultRegistry, metricsFetchHandler } from 'zeroprom';
import { instrumentFetch } from 'zeroprom/instrument';

// Bun evaluates the file again in the same process after an edit, with --hot.
const requests = defaultRegistry.getOrCreate(
  Counter,
  { name: 'hello_requests_total', help: 'Total number of greetings.' },
  { replace: true },
);
const metrics = metricsFetchHandler();
const GREETING = /\/hello\/([^/?]+)/;

const answer = async (request: Request): Promise<Response> => {
  if (new URL(request.url).pathname === '/metrics') return metrics(request);
  const name = GREETING.exec(request.url)?.[1];
  if (name === undefined) return new Response(undefined, { status: 404 });
  requests.inc();
  return new Response(`hello ${name}`);
};

export default {
  fetch: instrumentFetch(answer, { route: ({ url }) => (GREETING.test(url) ? '/hello/:name' : undefined) }),
};
