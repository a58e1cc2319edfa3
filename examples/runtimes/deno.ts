/** Serves metrics of a Deno server, and measures its requests. */
import { Counter, metricsFetchHandler } from 'zeroprom';
import { instrumentFetch } from 'zeroprom/instrument';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const metrics = metricsFetchHandler();
const greeting = new URLPattern({ pathname: '/hello/:name' });

const server = Deno.serve(
  { port: Number(Deno.env.get('PORT') ?? 3000) },
  instrumentFetch(
    (request) => {
      if (new URL(request.url).pathname === '/metrics') return metrics(request);
      const match = greeting.exec(request.url);
      if (match === null) return new Response(undefined, { status: 404 });
      requests.inc();
      return new Response(`hello ${match.pathname.groups.name}`);
    },
    { route: ({ url }) => (greeting.test(url) ? '/hello/:name' : undefined) },
  ),
);
Deno.addSignalListener('SIGTERM', () => server.shutdown());
