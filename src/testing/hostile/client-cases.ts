import { HostileConnection, type HostileTarget } from './hostile-connection.ts';
import type { HostileCase } from './run-case.ts';

const request = ({ path = '/metrics' }: HostileTarget, headers = '') =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;

/** Clients that send only this and then wait must be dropped. */
const beginnings: readonly HostileCase[] = [
  ['nothing', ''],
  ['one letter', 'G'],
  ['a method', 'GET '],
  ['half of a request line', 'GET /metrics HT'],
  ['half of a header', 'GET /metrics HTTP/1.1\r\nHost: x\r\nX-A'],
  ['line feeds', '\r\n\r\n\r\n'],
].map(([what = '', bytes = '']) => ({
  name: `a client that sends ${what}, and then waits`,
  isSlow: true,
  run: async (target) => {
    const connection = await HostileConnection.open(target);
    connection.send(bytes);
    await closed(connection);
  },
}));

export const clientCases: readonly HostileCase[] = [
  ...beginnings,
  {
    name: 'a client that sends a header at a time',
    isSlow: true,
    run: async (target) => await trickle(target, 'GET /metrics HTTP/1.1\r\nHost: x\r\n', 'X-A: b\r\n', 0),
  },
  {
    name: 'a client that has received an answer and then sends line feeds forever',
    isSlow: true,
    run: async (target) => await trickle(target, request(target), '\r\n', 1),
  },
  {
    name: 'a POST whose body arrives byte by byte',
    run: async (target) => {
      const start = `POST ${target.path ?? '/metrics'} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n`;
      await trickle(target, start, 'x', 1, 405);
    },
  },
  {
    name: 'a TRACE, whose secrets must not be echoed',
    run: async (target) => {
      const connection = await HostileConnection.open(target);
      connection.send(`TRACE /metrics HTTP/1.1\r\nHost: x\r\nX-Secret: swordfish\r\nConnection: close\r\n\r\n`);
      const { text, statuses } = await connection.answer();
      if (text.includes('swordfish') || statuses[0] !== 405)
        throw new Error(`TRACE must be answered with 405 without echoing headers, got ${statuses[0]}.`);
    },
  },
  ...['h2c', 'websocket'].map((protocol) => ({
    name: `an upgrade to ${protocol}`,
    run: async (target: HostileTarget) => {
      const connection = await HostileConnection.open(target);
      connection.send(request(target, `Connection: Upgrade, close\r\nUpgrade: ${protocol}\r\n`));
      const { statuses } = await connection.responses(1);
      if (statuses.includes(101)) throw new Error(`The connection must not be upgraded to ${protocol}.`);
    },
  })),
  {
    name: 'a query with markup and line feeds, which must not become a page or a header',
    run: async (target) => {
      const connection = await HostileConnection.open(target);
      const path = `${target.path ?? '/metrics'}?collect[]=%3Cscript%3E%0d%0aSet-Cookie:x=y`;
      connection.send(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      const { text } = await connection.answer();
      if (/^set-cookie/im.test(text)) throw new Error('The query became a header.');
      if (/content-type: text\/html/i.test(text)) throw new Error('The query became a page.');
    },
  },
  {
    name: 'five hundred requests in one write',
    run: async (target) => {
      const connection = await HostileConnection.open(target);
      connection.send(request(target).repeat(499) + request(target, 'Connection: close\r\n'));
      const { statuses } = await connection.answer();
      // Over TLS, some releases of Node.js end pipelined requests with an error of their own parser.
      const isComplete = statuses.length === 500 || (target.tls !== undefined && statuses.length > 0);
      if (!isComplete || !statuses.every((status) => [200, 503, target.tls && 400].includes(status))) {
        throw new Error(
          `Expected 500 responses with 200 or 503, got ${statuses.length} with ${[...new Set(statuses)].join(', ')}.`,
        );
      }
    },
  },
  {
    name: 'a hundred scrapes at once',
    run: async (target) => {
      const answers = await Promise.all(
        Array.from({ length: 100 }, async () => {
          const connection = await HostileConnection.open(target);
          connection.send(request(target, 'Connection: close\r\n'));
          return (await connection.answer()).statuses[0];
        }),
      );
      if (!answers.every((status) => status === 200 || status === 503))
        throw new Error(`Responses must have status 200 or 503, got ${answers}.`);
    },
  },
  {
    name: 'fifty clients that disconnect during a response',
    run: async (target) => {
      const connections = await Promise.all(Array.from({ length: 50 }, () => HostileConnection.open(target)));
      for (const connection of connections) connection.send(request(target));
      for (const { socket } of connections) socket.destroy();
    },
  },
  {
    name: 'fifty clients that half-close their connections and keep reading',
    run: async (target) => {
      const connections = await Promise.all(Array.from({ length: 50 }, () => HostileConnection.open(target)));
      for (const connection of connections) {
        connection.send(request(target, 'Connection: close\r\n'));
        connection.socket.end();
      }
      await Promise.all(connections.map((connection) => closed(connection)));
    },
  },
  {
    name: 'thirty clients that do not read',
    run: async (target) => {
      const connections = await Promise.all(Array.from({ length: 30 }, () => HostileConnection.open(target)));
      for (const connection of connections) {
        connection.socket.pause();
        connection.send(request(target).repeat(3));
      }
      await new Promise((resolve) => setImmediate(resolve));
      for (const { socket } of connections) socket.destroy();
    },
  },
  ...[1, 2, 3, 4, 5].map((seed) => ({
    name: `random bytes, ${seed}`,
    run: async (target: HostileTarget) => {
      for (let round = 0; round < 5; round++) {
        const connection = await HostileConnection.open(target);
        connection.send(randomBytes(seed * 100 + round, 2000));
        connection.socket.end();
        await closed(connection);
      }
    },
  })),
];

async function closed(connection: HostileConnection): Promise<void> {
  if (!(await connection.answer()).isClosed) throw new Error('The server did not close the connection.');
}

/** Sends the start, and then a little at a time until the server closes the connection. */
async function trickle(
  target: HostileTarget,
  start: string,
  more: string,
  answers: number,
  status?: number,
): Promise<void> {
  const connection = await HostileConnection.open(target);
  connection.send(start);
  const timer = setInterval(() => connection.send(more), 40);
  try {
    const { isClosed, statuses } = await connection.answer();
    if (!isClosed) throw new Error('The server did not close the connection.');
    if (answers > 0 && status !== undefined && statuses[0] !== status) {
      throw new Error(`The answer must be ${status}, got ${statuses[0] ?? 'no response'}.`);
    }
  } finally {
    clearInterval(timer);
  }
}

/** Returns pseudo-random bytes that depend only on the seed (xorshift). */
function randomBytes(seed: number, count: number): Uint8Array {
  let state = seed * 2654435761 + 1;
  return Uint8Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 255;
  });
}
