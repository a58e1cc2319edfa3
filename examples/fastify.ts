/** Metrics of an application of Fastify. */
import fastify from 'fastify';
import { Counter, metricsHandler } from 'zeroprom';

const requests = new Counter({ name: 'hello_requests_total', help: 'Greetings.' });
const metrics = metricsHandler();
const app = fastify();

app.get('/metrics', (request, reply) => {
  reply.hijack(); // The handler answers by itself.
  metrics(request.raw, reply.raw);
});
app.get('/', () => {
  requests.inc();
  return 'hello';
});
await app.listen({ port: Number(process.env['PORT'] ?? 3000) });
