/** Serves metrics with a Fetch handler, `(request) => response`, as servers such as Bun and Deno expect it. */
import { Counter, metricsFetchHandler } from 'zeroprom';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const metrics = metricsFetchHandler();

export default {
  fetch(request: Request): Response | Promise<Response> {
    if (new URL(request.url).pathname === '/metrics') return metrics(request);
    requests.inc();
    return new Response('hello');
  },
};
