/** Serves metrics of a plain `node:http` server, and measures its requests. */
import { createServer } from 'node:http';
import { Counter, metricsHandler } from 'zeroprom';
import { instrumentListener } from 'zeroprom/instrument';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const metrics = metricsHandler();
const GREETING = /^\/hello\/([^/?]+)/;

const server = createServer(
  instrumentListener(
    (request, response) => {
      const { url = '' } = request;
      if (url.split('?')[0] === '/metrics') return metrics(request, response);
      const name = GREETING.exec(url)?.[1];
      if (name === undefined) return response.writeHead(404).end();
      requests.inc();
      return response.end(`hello ${name}`);
    },
    { route: ({ url = '' }) => (GREETING.test(url) ? '/hello/:name' : undefined) },
  ),
).listen(Number(process.env['PORT'] ?? 3000));
process.once('SIGTERM', () => server.close());
