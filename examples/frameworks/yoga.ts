/** Serves metrics of a GraphQL Yoga server, and measures its requests. */
import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { Counter, metricsHandler } from 'zeroprom';
import { yogaMetrics } from 'zeroprom/instrument';

const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
const metrics = metricsHandler();
const schema = createSchema({
  typeDefs: 'type Query { hello(name: String!): String }',
  resolvers: {
    Query: {
      hello: (_, { name }: { name: string }) => {
        requests.inc();
        return `hello ${name}`;
      },
    },
  },
});
const yoga = createYoga({ schema, plugins: [yogaMetrics()] });

const server = createServer((request, response) => {
  if (request.url?.split('?')[0] === '/metrics') return metrics(request, response);
  return yoga(request, response);
}).listen(Number(process.env['PORT'] ?? 3000));
process.once('SIGTERM', () => server.close());
