/** Serves metrics of a `node:http2` server with TLS, over HTTP/2 and HTTP/1.1, and measures its requests. */
import { readFileSync } from 'node:fs';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { Counter, metricsHandler } from 'zeroprom';
import { instrumentListener } from 'zeroprom/instrument';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const metrics = metricsHandler();
const GREETING = /^\/hello\/([^/?]+)/;

function answer(request: Http2ServerRequest, response: Http2ServerResponse): unknown {
  if (request.url.split('?')[0] === '/metrics') return metrics(request, response);
  const name = GREETING.exec(request.url)?.[1];
  if (name === undefined) return response.writeHead(404).end();
  requests.inc();
  return response.end(`hello ${name}`);
}

const server = createSecureServer(
  {
    allowHTTP1: true,
    cert: readFileSync(process.env['TLS_CERT'] ?? 'cert.pem'),
    key: readFileSync(process.env['TLS_KEY'] ?? 'key.pem'),
  },
  instrumentListener(answer, { route: ({ url }) => (GREETING.test(url) ? '/hello/:name' : undefined) }),
).listen(Number(process.env['PORT'] ?? 3000));
// Scrapers keep HTTP/2 sessions open; close() waits for them, unless they are told to go away.
const sessions = new Set<{ close(): void }>();
server.on('session', (session) => {
  sessions.add(session);
  session.once('close', () => sessions.delete(session));
});
process.once('SIGTERM', () => {
  server.close();
  for (const session of sessions) session.close();
});
