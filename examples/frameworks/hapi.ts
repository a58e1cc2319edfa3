/** Serves metrics of a hapi application, and measures its requests. */
import Hapi from '@hapi/hapi';
import { Counter, metricsHandler } from 'zeroprom';
import { hapiMetrics } from 'zeroprom/instrument';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const metrics = metricsHandler();
const server = Hapi.server({ port: Number(process.env['PORT'] ?? 3000) });

await server.register(hapiMetrics());
server.route({
  method: 'GET',
  path: '/metrics',
  handler: ({ raw }, toolkit) => {
    metrics(raw.req, raw.res);
    return toolkit.abandon; // The metrics handler sends the response.
  },
});
server.route({
  method: 'GET',
  path: '/hello/{name}',
  handler: ({ params }) => {
    requests.inc();
    return `hello ${params['name']}`;
  },
});
await server.start();
process.once('SIGTERM', () => void server.stop());
