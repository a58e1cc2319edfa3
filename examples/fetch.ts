/** Metrics of a handler of the Fetch standard, as it is for servers that take one: `(request) => response`. */
import { Counter, metricsFetchHandler } from 'zeroprom';

const requests = new Counter({ name: 'hello_requests_total', help: 'Greetings.' });
const metrics = metricsFetchHandler();

export default {
  fetch(request: Request): Response | Promise<Response> {
    if (new URL(request.url).pathname === '/metrics') return metrics(request);
    requests.inc();
    return new Response('hello');
  },
};
