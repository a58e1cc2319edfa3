/**
 * The ways in which a connection can end, as a table for tests of everything that follows requests to their end. The server under
 * test answers `/whole` immediately with a short body and `/large` with some megabytes, and never answers `/waiting`. In the
 * response to `/half`, it sends the head and some bytes, and then waits for a client that does not read.
 */
import { once } from 'node:events';
import type { RequestListener, Server, ServerOptions, ServerResponse } from 'node:http';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type Http2ServerResponse,
  type Http2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import { type Arena, ask } from './arena.ts';

export interface ConnectionEnd {
  readonly name: string;
  readonly protocol: 'http' | 'https' | 'http2';
  /** Number of responses that are sent in full. */
  readonly whole: number;
  /** Number of responses that are not sent in full. */
  readonly aborted: number;
  /** Whether a request has a body. */
  readonly hasBody?: boolean;
  /** Whether the row needs no response, so that the listener may be called after the connection has ended. */
  readonly canBeHeldBack?: boolean;
  /** Whether the response must be sent synchronously, before the server reads the bytes after the request. */
  readonly runsAlone?: boolean;
  readonly options?: ServerOptions;
  readonly prepare?: (server: Server) => unknown;
  /** Called for each request before the listener, and after it. */
  readonly before?: RequestListener;
  readonly after?: RequestListener;
  /** Sends the requests and ends the connection. */
  readonly run: (arena: Arena) => Promise<unknown>;
}

type Row = Omit<ConnectionEnd, 'protocol' | 'whole' | 'aborted'> & Partial<ConnectionEnd>;

function get(path: string, headers = '', version = '1.1'): string {
  return `GET ${path} HTTP/${version}\r\nHost: x\r\n${headers}\r\n`;
}

function head(path: string, headers = ''): string {
  return get(path, headers).replace('GET', 'HEAD');
}

/** Announces a body of ten bytes. */
function post(path: string, body: string, headers = ''): string {
  return `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n${headers}\r\n${body}`;
}

const CLOSE = 'Connection: close\r\n';

/** Sends requests, waits until they have arrived, and ends the connection. */
function sending(text: string, requests: number, end: (socket: Socket, arena: Arena) => unknown) {
  return async (arena: Arena) => {
    const socket = await arena.connect();
    socket.write(text);
    await arena.arrived(requests);
    await end(socket, arena);
  };
}

/** Sends requests, stops reading after the start of the first response, and ends the connection. */
function receiving(text: string, requests: number, end: (socket: Socket, arena: Arena) => unknown) {
  return async (arena: Arena) => {
    const socket = await arena.connect();
    socket.write(text);
    await once(socket, 'data');
    socket.pause();
    await arena.arrived(requests);
    await end(socket, arena);
  };
}

/** Sends requests and reads until the server closes the connection. */
function reading(text: string) {
  return async (arena: Arena) => {
    const socket = await arena.connect();
    socket.resume().write(text);
    await once(socket, 'close');
  };
}

const answered: readonly Row[] = [
  { name: 'Connection: close', whole: 1, run: reading(get('/whole', CLOSE)) },
  { name: 'a request in HTTP/1.0', whole: 1, run: reading(get('/whole', '', '1.0')) },
  { name: 'HEAD', whole: 1, run: reading(head('/whole', CLOSE)) },
  { name: 'a large response', whole: 1, run: reading(get('/large', CLOSE)) },
  { name: 'three pipelined requests', whole: 3, run: reading(get('/whole').repeat(2) + get('/whole', CLOSE)) },
  { name: 'pipelined requests with large responses', whole: 2, run: reading(get('/large') + get('/large', CLOSE)) },
  {
    name: 'the client closes after a response',
    whole: 1,
    run: receiving(get('/whole'), 1, (socket) => socket.destroy()),
  },
  {
    name: 'the client resets after a response',
    whole: 1,
    run: receiving(get('/whole'), 1, (socket) => socket.resetAndDestroy()),
  },
  {
    name: 'the client half-closes as it sends a request',
    whole: 1,
    runsAlone: true,
    run: async (arena) => once((await arena.connect()).resume().end(get('/whole')), 'close'),
  },
  {
    name: 'the client half-closes as it sends a request with Connection: close',
    whole: 1,
    runsAlone: true,
    run: async (arena) => once((await arena.connect()).resume().end(get('/whole', CLOSE)), 'close'),
  },
  {
    name: 'three requests in turn',
    whole: 3,
    run: async (arena) => {
      const socket = await arena.connect();
      for (let index = 0; index < 3; index++) {
        socket.write(get('/whole'));
        await once(socket, 'data');
      }
      socket.destroy();
    },
  },
  { name: 'an idle connection times out', whole: 1, options: { keepAliveTimeout: 20 }, run: reading(get('/whole')) },
  {
    name: 'the server destroys the connection as soon as the response has finished',
    whole: 1,
    after: (_, response) => response.once('finish', () => response.req.socket.destroy()),
    run: reading(get('/whole')),
  },
  {
    name: 'the server takes one request for each connection',
    whole: 1,
    prepare: (server) => {
      server.maxRequestsPerSocket = 1;
    },
    run: reading(get('/whole') + get('/whole', CLOSE)),
  },
  {
    name: 'an unknown upgrade',
    whole: 1,
    run: reading(get('/whole', 'Connection: upgrade, close\r\nUpgrade: websocket\r\n')),
  },
  { name: 'an unsupported expectation', run: reading(get('/whole', `Expect: tea\r\n${CLOSE}`)) },
  { name: 'a body', whole: 1, hasBody: true, run: reading(post('/whole', '0123456789', CLOSE)) },
  {
    name: 'a body after 100 Continue',
    whole: 1,
    hasBody: true,
    run: async (arena) => {
      const socket = await arena.connect();
      socket.write(post('/whole', '', `Expect: 100-continue\r\n${CLOSE}`));
      await once(socket, 'data');
      socket.resume().write('0123456789');
      await once(socket, 'close');
    },
  },
];

/** Ways in which a client can end its connection. */
const clientEnds: Readonly<Record<string, (socket: Socket) => unknown>> = {
  'the client closes': (socket) => socket.destroy(),
  'the client resets': (socket) => socket.resetAndDestroy(),
  'the client half-closes': (socket) => socket.resume().end(),
};

const endedByClient: readonly Row[] = Object.entries(clientEnds).flatMap(([name, end]): Row[] => [
  { name: `${name} before a response`, aborted: 1, canBeHeldBack: true, run: sending(get('/waiting'), 1, end) },
  {
    name: `${name} before three responses`,
    aborted: 3,
    canBeHeldBack: true,
    run: sending(get('/waiting').repeat(3), 3, end),
  },
  {
    name: `${name} when a response waits behind another`,
    aborted: 2,
    canBeHeldBack: true,
    run: sending(get('/waiting') + get('/whole'), 2, end),
  },
  {
    name: `${name} after one of two responses`,
    whole: 1,
    aborted: 1,
    run: receiving(get('/whole') + get('/waiting'), 2, end),
  },
  { name: `${name} in a response`, aborted: 1, run: receiving(get('/half'), 1, end) },
  { name: `${name} in a response in HTTP/1.0`, aborted: 1, run: receiving(get('/half', '', '1.0'), 1, end) },
  {
    name: `${name} in the first of three responses`,
    aborted: 3,
    run: receiving(get('/half') + get('/waiting').repeat(2), 3, end),
  },
  { name: `${name} before a response to HEAD`, aborted: 1, run: sending(head('/waiting'), 1, end) },
  { name: `${name} in a body`, aborted: 1, hasBody: true, run: sending(post('/waiting', '0123'), 1, end) },
  {
    name: `${name} after 100 Continue`,
    aborted: 1,
    hasBody: true,
    run: receiving(post('/waiting', '', 'Expect: 100-continue\r\n'), 1, end),
  },
  { name: `${name} in the head of a request`, run: sending('GET /waiting HTTP/1.1\r\n', 0, end) },
]);

/** Ways in which a server can end a connection. */
const serverEnds: Readonly<Record<string, (response: ServerResponse, server: Server, client: Socket) => unknown>> = {
  'the response is destroyed': (response) => response.destroy(),
  'the response fails': (response) => response.on('error', () => {}).destroy(new Error('It is broken.')),
  'the request is destroyed': ({ req }) => req.destroy(),
  'the socket is destroyed': ({ req }) => req.socket.destroy(),
  'the socket fails': ({ req }) => req.socket.destroy(new Error('It is broken.')),
  'the socket is reset': ({ req }) => req.socket.resetAndDestroy(),
  'the socket is ended': ({ req }, _, client) => client.resume() && req.socket.end(),
  'the socket is destroyed soon': ({ req }, _, client) => client.resume() && req.socket.destroySoon(),
  'the socket times out': ({ req }) => req.socket.setTimeout(10),
  'the response times out': (response) => response.setTimeout(10),
  'all connections are closed': (_, server) => server.closeAllConnections(),
};

const endedByServer: readonly Row[] = Object.entries(serverEnds).flatMap(([name, endFirst]): Row[] => {
  const end = (client: Socket, { responses, server }: Arena) => endFirst(responses[0]!, server, client);
  return [
    { name: `${name} before it begins`, aborted: 1, canBeHeldBack: true, run: sending(get('/waiting'), 1, end) },
    {
      name: `${name} before two responses begin`,
      aborted: 2,
      canBeHeldBack: true,
      run: sending(get('/waiting').repeat(2), 2, end),
    },
    { name: `${name} halfway`, aborted: 1, run: receiving(get('/half'), 1, end) },
    {
      name: `${name} halfway, and others wait behind it`,
      aborted: 3,
      run: receiving(get('/half') + get('/waiting') + get('/whole'), 3, end),
    },
  ];
});

const CHECKED_OFTEN = { connectionsCheckingInterval: 10 };
const nothing = () => {};

/** Input behind two waiting requests that ends the connection. */
const endedByRequests: readonly Row[] = [
  { name: 'a malformed request', run: sending(`${get('/waiting').repeat(2)}x\r\n\r\n`, 2, nothing) },
  {
    name: 'a request whose head is too large',
    run: sending(get('/waiting').repeat(2) + get('/', `X: ${'x'.repeat(100_000)}\r\n`), 2, nothing),
  },
  {
    name: 'a request whose head does not arrive',
    options: CHECKED_OFTEN,
    run: sending(`${get('/waiting').repeat(2)}GET / HTTP/1.1\r\n`, 2, (_, { server }) => {
      server.headersTimeout = 10;
    }),
  },
  {
    name: 'CONNECT',
    run: sending(`${get('/waiting').repeat(2)}CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n`, 2, nothing),
  },
  {
    name: 'CONNECT to a server that ends it',
    prepare: (server) => server.on('connect', (_, socket) => socket.end('HTTP/1.1 501 Not Implemented\r\n\r\n')),
    run: sending(`${get('/waiting').repeat(2)}CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n`, 2, (socket) =>
      socket.resume().end(),
    ),
  },
  {
    name: 'an upgrade',
    prepare: (server) => server.on('upgrade', (_, socket) => socket.destroy()),
    run: sending(get('/waiting').repeat(2) + get('/', 'Connection: upgrade\r\nUpgrade: x\r\n'), 2, nothing),
  },
  {
    name: 'an upgrade of a connection that the client then closes',
    prepare: (server) =>
      server.on('upgrade', (_, socket) => socket.on('error', nothing).pipe(socket).write('HTTP/1.1 101 x\r\n\r\n')),
    run: receiving(get('/waiting').repeat(2) + get('/', 'Connection: upgrade\r\nUpgrade: x\r\n'), 2, (socket) =>
      socket.destroy(),
    ),
  },
];

const bodyTooSlow: Row = {
  name: 'a body that does not arrive in time',
  aborted: 1,
  hasBody: true,
  options: CHECKED_OFTEN,
  // Set after the head has arrived, which may take longer on a busy machine.
  run: sending(post('/waiting', '0123'), 1, (_, { server }) => {
    server.headersTimeout = 5; // Node.js applies the longer of the two to entire requests.
    server.requestTimeout = 10;
  }),
};

/** Rows over TLS, where only the connection differs. */
const overTls: readonly Row[] = [
  { name: 'a response', whole: 1, run: reading(get('/whole', CLOSE)) },
  { name: 'three pipelined requests', whole: 3, run: reading(get('/whole').repeat(2) + get('/whole', CLOSE)) },
  {
    name: 'the client closes before three responses',
    aborted: 3,
    canBeHeldBack: true,
    run: sending(get('/waiting').repeat(3), 3, (socket) => socket.destroy()),
  },
  {
    name: 'the client closes in a response',
    aborted: 1,
    run: receiving(get('/half'), 1, (socket) => socket.destroy()),
  },
  {
    name: 'all connections are closed before two responses begin',
    aborted: 2,
    run: sending(get('/waiting').repeat(2), 2, (_, { server }) => server.closeAllConnections()),
  },
];

const { NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR } = constants;

/** Ends an HTTP/2 stream or its session. */
type StreamEnd = (stream: ClientHttp2Stream, session: ClientHttp2Session, arena: Arena) => unknown;

/** Makes requests of one session, waits until they have arrived, and ends the first or all of them. */
function asking(requests: number, end: StreamEnd, path = '/waiting') {
  return async (arena: Arena) => {
    const session = await arena.session();
    const streams = Array.from({ length: requests }, () => ask(session, path));
    await arena.arrived(requests);
    await end(streams[0]!, session, arena);
  };
}

/** Makes a request, stops reading after the start of its response, and ends it. */
function hearing(path: string, end: StreamEnd) {
  return async (arena: Arena) => {
    const session = await arena.session();
    const stream = ask(session, path);
    await once(stream, 'data');
    stream.pause();
    await end(stream, session, arena);
  };
}

/** Reads a response to its end. */
async function read(stream: ClientHttp2Stream): Promise<void> {
  await once(stream.resume(), 'close');
}

const streamEnds: Readonly<Record<string, StreamEnd>> = {
  'the client cancels the stream': (stream) => stream.close(NGHTTP2_CANCEL),
  'the client closes the stream with an error': (stream) => stream.close(NGHTTP2_INTERNAL_ERROR),
  'the client closes the stream without an error': (stream) => stream.close(NGHTTP2_NO_ERROR),
  'the client destroys the stream': (stream) => stream.destroy(),
  'the response is destroyed': (_stream, _session, { responses }) => responses[0]!.destroy(),
  'the stream is reset': (_stream, _session, { responses }) => streamOf(responses[0]!).close(NGHTTP2_CANCEL),
};

const sessionEnds: Readonly<Record<string, StreamEnd>> = {
  'the client destroys the session': (_, session) => session.destroy(),
  'the client destroys the session with an error': (_, session) => session.destroy(new Error('It is broken.')),
  'the client says GOAWAY and closes': (_, session) => {
    session.goaway(NGHTTP2_NO_ERROR);
    setImmediate(() => session.destroy());
  },
  'the session is destroyed': (_stream, _session, { responses }) => sessionOf(responses[0]!).destroy(),
  'the session fails': (_stream, _session, { responses }) =>
    sessionOf(responses[0]!).destroy(new Error('It is broken.')),
  'the session is destroyed with a code': (_stream, _session, { responses }) =>
    sessionOf(responses[0]!).destroy(undefined, NGHTTP2_INTERNAL_ERROR),
};

/** Closes the stream once all data has been sent. */
const closeStream: StreamEnd = (_stream, _session, { responses }) => streamOf(responses[0]!).close(NGHTTP2_NO_ERROR);

function streamOf(response: ServerResponse): ServerHttp2Stream {
  // With HTTP/2, the arena has responses of node:http2.
  return (response as unknown as Http2ServerResponse).stream;
}

function sessionOf(response: ServerResponse): Http2Session {
  const { session } = streamOf(response);
  if (session === undefined) throw new Error('The stream has lost its session.');
  return session;
}

const overHttp2: readonly Row[] = [
  { name: 'a response', whole: 1, run: asking(1, read, '/whole') },
  { name: 'a large response', whole: 1, run: asking(1, read, '/large') },
  { name: 'three responses', whole: 3, run: asking(3, read, '/whole') },
  {
    name: 'HEAD',
    whole: 1,
    run: async (arena) => read(ask(await arena.session(), '/whole', { ':method': 'HEAD' })),
  },
  {
    name: 'a response before all of the body',
    whole: 1,
    hasBody: true,
    run: async (arena) => read(ask(await arena.session(), '/whole', { ':method': 'POST' })),
  },
  {
    name: 'the client closes the session during a response',
    whole: 1,
    run: asking(
      1,
      async (stream, session) => {
        session.close();
        await read(stream);
      },
      '/large',
    ),
  },
  {
    name: 'the server closes the session during a response',
    whole: 1,
    after: (_, response) => sessionOf(response).close(),
    run: asking(1, read, '/large'),
  },
  { name: 'the stream is closed before a response', aborted: 1, canBeHeldBack: true, run: asking(1, closeStream) },
  { name: 'the stream is closed in a response', aborted: 1, run: hearing('/half', closeStream) },
  ...Object.entries(streamEnds).flatMap(([name, end]): Row[] => [
    { name: `${name} before a response`, aborted: 1, canBeHeldBack: true, run: asking(1, end) },
    { name: `${name} in a response`, aborted: 1, run: hearing('/half', end) },
    { name: `${name} in a response that the server has ended`, aborted: 1, run: hearing('/large', end) },
  ]),
  ...Object.entries(sessionEnds).flatMap(([name, end]): Row[] => [
    { name: `${name} before three responses`, aborted: 3, canBeHeldBack: true, run: asking(3, end) },
    { name: `${name} in a response`, aborted: 1, run: hearing('/half', end) },
    { name: `${name} in a response that the server has ended`, aborted: 1, run: hearing('/large', end) },
  ]),
];

export const connectionEnds: readonly ConnectionEnd[] = [
  ...answered,
  ...endedByClient,
  ...endedByServer,
  ...endedByRequests.map((row) => ({ ...row, name: `${row.name}, behind two requests`, aborted: 2 })),
  bodyTooSlow,
  ...overTls.map((row) => ({ ...row, name: `TLS: ${row.name}`, protocol: 'https' as const })),
  ...overHttp2.map((row) => ({ ...row, name: `HTTP/2: ${row.name}`, protocol: 'http2' as const })),
].map((row) => ({ protocol: 'http', whole: 0, aborted: 0, ...row }));
