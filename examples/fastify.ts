/** Serves metrics of a Fastify application, and measures its requests. */
import fastify from 'fastify';
import { Counter, metricsHandler } from 'zeroprom';
import { fastifyMetrics } from 'zeroprom/instrument';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const metrics = metricsHandler();
const app = fastify({ return503OnClosing: false }); // Requests in flight are answered on shutdown.

await app.register(fastifyMetrics());
app.get('/metrics', (request, reply) => {
  reply.hijack(); // The metrics handler sends the response.
  metrics(request.raw, reply.raw);
});
app.get<{ Params: { name: string } }>('/hello/:name', (request) => {
  requests.inc();
  return `hello ${request.params.name}`;
});
await app.listen({ port: Number(process.env['PORT'] ?? 3000) });
process.once('SIGTERM', () => void app.close());
