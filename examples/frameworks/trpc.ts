/** Serves metrics of a tRPC server, and measures its requests by procedure. */
import { createServer } from 'node:http';
import { initTRPC } from '@trpc/server';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import { Counter, metricsHandler } from 'zeroprom';
import { instrumentListener } from 'zeroprom/instrument';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const metrics = metricsHandler();
const trpc = initTRPC.create();

const procedures = {
  hello: trpc.procedure.input(String).query(({ input }) => {
    requests.inc();
    return `hello ${input}`;
  }),
};
const api = createHTTPHandler({ router: trpc.router(procedures), basePath: '/trpc/' });

/** A batch names several procedures, separated by commas: such requests have the route `other`. */
function routeOf(url = ''): string | undefined {
  const path = url.split('?')[0] ?? '';
  return Object.keys(procedures).some((name) => path === `/trpc/${name}`) ? path : undefined;
}

const server = createServer(
  instrumentListener(
    (request, response) => {
      if (request.url?.split('?')[0] === '/metrics') return metrics(request, response);
      return api(request, response);
    },
    { route: ({ url }) => routeOf(url) },
  ),
).listen(Number(process.env['PORT'] ?? 3000));
process.once('SIGTERM', () => server.close());
