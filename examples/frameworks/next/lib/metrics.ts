/** Metrics of a Next.js application. In development, this module runs again after each edit. */
import { Counter, defaultRegistry } from 'zeroprom';
import { collectDefaults } from 'zeroprom/collectors';

collectDefaults();

export const greetings = defaultRegistry.getOrCreate(
  Counter,
  { name: 'hello_requests_total', help: 'Total number of greetings.' },
  { replace: true },
);
