/**
 * Measures the cost of the default metrics and of the HTTP instrumentation: `npm run build && npx tsx bench/runtime.ts
 * [QUESTION ...] [--node=24] [--seconds=30]`. Questions are `rest`, `scrape`, `request` and `instrumentation`; all by
 * default. Compared programs run concurrently, or take turns, so that they meet the same noise.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeLine } from '../scripts/node-line.ts';
import { atRest, ofScrapes } from './runtime/default-metrics.ts';
import { ofRequests } from './runtime/http-servers.ts';
import { ofInstrumentation } from './runtime/instrumentation.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  // All compared libraries need at least Node.js 22.
  options: { seconds: { type: 'string', default: '30' }, node: { type: 'string', default: '24' } },
});
const node = join(nodeLine(values.node), 'node');
const seconds = Number(values.seconds);

const questions: Readonly<Record<string, () => Promise<void>>> = {
  rest: () => atRest({ node, seconds }),
  scrape: () => ofScrapes({ node, seconds }),
  request: () => ofRequests(node),
  instrumentation: () => ofInstrumentation(node),
};

console.log(`Node.js ${values.node}`);
for (const name of positionals.length > 0 ? positionals : Object.keys(questions)) {
  const question = questions[name];
  if (question === undefined) throw new Error(`There is no question ${name}: ${Object.keys(questions).join(', ')}.`);
  await question();
}
