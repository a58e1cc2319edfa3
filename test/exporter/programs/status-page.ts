/** An exporter with a task, a failing collector and flags with secrets. */
import { Counter, runExporter, Scheduler } from '../../../src/index.ts';

const counter = new Counter({ name: 'runs_total', help: 'Total number of runs.' });
const scheduler = new Scheduler();
scheduler.every('1h', () => counter.inc(), { name: 'count' });

await runExporter({
  name: 'page_exporter',
  defaultPort: 0,
  version: '1.2.3',
  description: 'Tests the status page.',
  scheduler,
  flags: {
    'app.secret': { help: 'Secret.', default: '', isSecret: true },
    'app.api-token': { help: 'Token.', default: '' },
    'app.database': { help: 'Database.', default: '' },
    'app.header': { help: 'Header.', default: '' },
    'app.connection': { help: 'Connection.', default: '' },
    'app.list': { help: 'List.', default: '', isRepeatable: true },
    'app.plain-password': { help: 'Password.', default: '' },
  },
});
