import { answerOf } from './program.ts';

const CALLS = 20_000;
const BATCHES = 75;
const PROCESSES = 3;

/** Only the work per request: real messages and a real connection, over which nothing is sent. */
export async function ofInstrumentation(node: string): Promise<void> {
  const found: number[] = [];
  for (let index = 0; index < PROCESSES; index++) found.push(await answerOf(PROGRAM, node));
  console.log('\nWhat the instrumentation of node:http does for a request, by itself');
  console.log(`  ${Math.min(...found).toFixed(0)} to ${Math.max(...found).toFixed(0)} ns in ${PROCESSES} processes`);
}

/** Batches take turns, so that noise affects both alike. */
const PROGRAM = `
  const { HttpServerMetrics, instrumentListener } = await load('zeroprom/instrument');
  const { Registry } = await load('zeroprom');
  const { IncomingMessage, ServerResponse } = await import('node:http');
  const { connect, createServer } = await import('node:net');
  const metrics = new HttpServerMetrics({ registry: new Registry() });
  const socket = await new Promise((resolve) => {
    const server = createServer(resolve).listen(0, '127.0.0.1', () => connect(server.address().port, '127.0.0.1'));
  });
  let answered = 0;
  const plain = () => answered++;
  const measured = instrumentListener(plain, { metrics, route: () => '/users/:id' });
  const time = (listener) => {
    const began = performance.now();
    for (let index = 0; index < ${CALLS}; index++) {
      const request = new IncomingMessage(socket);
      request.method = 'GET';
      request.httpVersionMajor = 1;
      const response = new ServerResponse(request);
      response.finished = true;
      listener(request, response);
      response.emit('close');
    }
    return ((performance.now() - began) * 1e6) / ${CALLS};
  };
  const best = { plain: Infinity, measured: Infinity };
  for (let batch = 0; batch < ${BATCHES}; batch++) {
    best.plain = Math.min(best.plain, time(plain));
    best.measured = Math.min(best.measured, time(measured));
  }
  answer(best.measured - best.plain);`;
