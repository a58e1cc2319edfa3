/** Serves metrics of a Bun server, and measures its requests. */
import { Counter, metricsFetchHandler } from 'zeroprom';
import { instrumentFetch } from 'zeroprom/instrument';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });

const server = Bun.serve({
  port: Number(process.env['PORT'] ?? 3000),
  routes: {
    '/metrics': metricsFetchHandler(),
    '/hello/:name': instrumentFetch(
      (request) => {
        requests.inc();
        return new Response(`hello ${request.params.name}`);
      },
      { route: () => '/hello/:name' },
    ),
  },
});
process.once('SIGTERM', () => server.stop());
