/** A cluster worker that counts, with the drop-in or with prom-client (`LIBRARY`). It runs the code that it receives. */
import { promClient, zeroprom } from './libraries.ts';

const client = process.env['LIBRARY'] === 'prom-client' ? promClient : zeroprom;
new client.AggregatorRegistry();
const counter = new client.Counter({ name: 'c_total', help: 'H', labelNames: ['a'] });
counter.inc({ a: 'x' }, Number(process.env['AMOUNT']));
const histogram = new client.Histogram({ name: 'h', help: 'H', buckets: [1] });
histogram.observe(Number(process.env['AMOUNT']));
const gauge = new client.Gauge({ name: 'g', help: 'H', aggregator: 'max' });
gauge.set(Number(process.env['GAUGE'] ?? 0));

process.on('message', (message: { readonly add?: number; readonly fail?: boolean; readonly big?: boolean }) => {
  if (message.add !== undefined) counter.inc({ a: 'x' }, message.add);
  if (message.fail === true) Object.assign(gauge, { collect: () => Promise.reject(new Error('The gauge failed.')) });
  // A value that programs without types may pass.
  if (message.big === true) counter.inc({ a: 10n as unknown as number });
  if (message.add !== undefined || message.fail === true || message.big === true) process.send?.('done');
});
process.send?.('ready');
