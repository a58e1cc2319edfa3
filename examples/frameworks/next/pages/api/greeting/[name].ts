/** Counts and measures the requests of an API route. */
import type { NextApiRequest, NextApiResponse } from 'next';
import { instrumentListener } from 'zeroprom/instrument';
import { greetings } from '../../../lib/metrics.ts';

function hello(request: NextApiRequest, response: NextApiResponse): void {
  greetings.inc();
  response.send(`hello ${request.query['name']}`);
}

export default instrumentListener(hello, { route: () => '/api/greeting/[name]' });
