/** Serves metrics of a Fastify application. */
import fastify from 'fastify';
import { Counter, metricsHandler } from 'zeroprom';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const metrics = metricsHandler();
const app = fastify();

app.get('/metrics', (request, reply) => {
  reply.hijack(); // The metrics handler sends the response.
  metrics(request.raw, reply.raw);
});
app.get('/', () => {
  requests.inc();
  return 'hello';
});
await app.listen({ port: Number(process.env['PORT'] ?? 3000) });
