/** Metrics of a Nitro 3 application. */
import { Counter } from 'zeroprom';

export const requests = new Counter({ name: 'hello_requests_total', help: 'Total number of greetings.' });
