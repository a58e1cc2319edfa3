/** Metrics of a Nuxt 4 application. */
import { Counter, defaultRegistry } from 'zeroprom';

export const greetings = defaultRegistry.getOrCreate(
  Counter,
  { name: 'hello_requests_total', help: 'Total number of greetings.' },
  { replace: true },
);
