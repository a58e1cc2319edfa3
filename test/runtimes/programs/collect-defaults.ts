/** Collects all default metrics, and serves them. Bun, `deno serve` and workerd run it. */
import { Counter, metricsFetchHandler } from 'zeroprom';
import { collectDefaults } from 'zeroprom/collectors';

collectDefaults();
new Counter({ name: 'loaded_total', help: 'Created while the program is loaded.' }).inc();
const metrics = metricsFetchHandler();

export default { fetch: (request: Request) => metrics(request) };
