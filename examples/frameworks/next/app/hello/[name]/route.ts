/** Counts and measures the requests of a route handler. */
import { instrumentFetch } from 'zeroprom/instrument';
import { greetings } from '../../../lib/metrics.ts';

async function hello(_request: Request, { params }: { params: Promise<{ name: string }> }): Promise<Response> {
  greetings.inc();
  return new Response(`hello ${(await params).name}`);
}

export const GET = instrumentFetch(hello, { route: () => '/hello/[name]' });
