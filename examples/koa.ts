/** Serves metrics of a Koa application. */
import Koa from 'koa';
import { Counter, metricsHandler } from 'zeroprom';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const metrics = metricsHandler();
const app = new Koa();

app.use(async (context) => {
  if (context.path === '/metrics') {
    context.respond = false; // The metrics handler sends the response.
    await metrics(context.req, context.res);
    return;
  }
  requests.inc();
  context.body = 'hello';
});
app.listen(Number(process.env['PORT'] ?? 3000));
