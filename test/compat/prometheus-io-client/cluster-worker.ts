/** A cluster worker that counts. It shuts down when it is told to. */
import { zeroprom } from './libraries.ts';

const registry = new zeroprom.ClusterRegistry();
new zeroprom.Counter({ name: 'c_total', help: 'H' }).inc(Number(process.env['AMOUNT']));
new zeroprom.Gauge({ name: 'g', help: 'H', aggregator: 'first' }).set(Number(process.env['AMOUNT']));
process.on('message', async (message) => {
  if (message !== 'shutdown') return;
  await registry.shutdown();
  process.exit();
});
process.send?.('ready');
