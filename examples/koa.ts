/** Serves metrics of a Koa application, and measures its requests. */
import Router from '@koa/router';
import Koa from 'koa';
import { Counter, metricsHandler } from 'zeroprom';
import { koaMetrics } from 'zeroprom/instrument';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const metrics = metricsHandler();
const router = new Router();

router.get('/metrics', async (context) => {
  context.respond = false; // The metrics handler sends the response.
  await metrics(context.req, context.res);
});
router.get('/hello/:name', (context) => {
  requests.inc();
  context.body = `hello ${context.params['name']}`;
});
const app = new Koa();
app.use(koaMetrics());
app.use(router.routes());
const server = app.listen(Number(process.env['PORT'] ?? 3000));
process.once('SIGTERM', () => server.close());
