/** The frameworks and runtimes of docs/frameworks.md: how their examples are started, and what is claimed of them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A command, its arguments, and variables. */
export interface Command {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A framework or runtime with its example. */
export interface Framework {
  readonly name: string;
  /** The file, or folder of a project, in `examples/` that is shown in the documentation. Projects are started in their folder. */
  readonly example: string;
  /** Run before `start`, one after the other. */
  readonly build?: readonly Command[];
  readonly start: (port: number) => Command;
  /** Starts the example so that it follows edits of the file. */
  readonly develop: (port: number) => Command;
  /** The file that defines the metric, relative to the working directory. */
  readonly edited: string;
  /** Path of a greeting of bob. */
  readonly greeting: string;
  readonly route: string;
  /** The route of an unknown path, or undefined if such requests are not measured. */
  readonly otherRoute: string | undefined;
  readonly scheme: 'http' | 'https';
  /** Exit code or signal after SIGTERM. */
  readonly exit: number | NodeJS.Signals;
  /** Whether it answers a request that it is handling when it shuts down. */
  readonly drains: boolean;
  /** Whether it then also answers a request of which it has received only half. */
  readonly receives: boolean;
  /** How the documentation calls the reload. */
  readonly reload: string;
}

const installed = (path: string) => join(import.meta.dirname, '../node_modules', path);
const next = installed('next/dist/bin/next');
const nitro = installed('nitro/dist/cli/index.mjs');
const nuxt = installed('nuxt/bin/nuxt.mjs');
/** The compiler of the checkout. */
const compiler = join(import.meta.dirname, '../../../node_modules/typescript-7/bin/tsc');
const NODE = { NODE_OPTIONS: '--import=tsx' };
/** The program of Bun. */
export const bun = binary('@oven', 'bin/bun');
/** The program of Deno. */
export const deno = binary('@deno', 'deno');

const onNode = (name: string, example: string, options: Partial<Framework> = {}): Framework => ({
  name,
  example,
  start: () => ({ args: [process.execPath, '--import=./fill.mjs', example], env: NODE }),
  develop: () => ({ args: [process.execPath, '--watch', '--watch-preserve-output', example], env: NODE }),
  edited: example,
  greeting: '/hello/bob',
  route: '/hello/:name',
  otherRoute: 'other',
  scheme: 'http',
  exit: 0,
  drains: true,
  receives: true,
  reload: '`node --watch`',
  ...options,
});

export const frameworks: readonly Framework[] = [
  onNode('node:http', 'node-http.ts'),
  onNode('node:http2', 'node-http2.ts', { scheme: 'https' }),
  onNode('Express 5', 'express.ts'),
  onNode('Fastify 5', 'fastify.ts'),
  onNode('Koa 3', 'koa.ts'),
  onNode('Hono 4', 'hono.ts'),
  onNode('hapi 21', 'hapi.ts', { route: '/hello/{name}', receives: false }),
  onNode('Elysia 1', 'elysia.ts'),
  onNode('h3 1', 'h3-1.ts'),
  onNode('h3 2', 'h3.ts'),
  onNode('Nitro 3', 'nitro', {
    build: [{ args: [process.execPath, nitro, 'build'], env: { NODE_OPTIONS: '' } }],
    start: () => ({
      args: [process.execPath, '--import=../fill.mjs', '.output/server/index.mjs'],
      env: { NODE_OPTIONS: '' },
    }),
    develop: (port) => ({
      args: [process.execPath, nitro, 'dev', `--port=${port}`],
      env: { NODE_OPTIONS: '' },
    }),
    edited: 'metrics.ts',
    receives: false,
    reload: '`nitro dev`',
  }),
  onNode('Nuxt 4', 'nuxt', {
    build: [
      { args: [process.execPath, nuxt, 'build'], env: { NODE_OPTIONS: '' } },
      // The build has generated the types of what Nuxt imports automatically.
      { args: [process.execPath, compiler, '-p', '.nuxt/tsconfig.server.json'], env: { NODE_OPTIONS: '' } },
    ],
    start: () => ({
      args: [process.execPath, '--import=../fill.mjs', '.output/server/index.mjs'],
      env: { NODE_OPTIONS: '' },
    }),
    develop: (port) => ({
      args: [process.execPath, nuxt, 'dev', `--port=${port}`],
      env: { NODE_OPTIONS: '' },
    }),
    edited: 'server/utils/metrics.ts',
    // The renderer of pages answers all paths that have no route on the server.
    otherRoute: '/**',
    receives: false,
    reload: '`nuxt dev`',
  }),
  onNode('Next.js 16', 'next', {
    build: [{ args: [process.execPath, next, 'build'], env: { NODE_OPTIONS: '' } }],
    start: (port) => ({
      args: [process.execPath, '--import=../fill.mjs', next, 'start', `--port=${port}`],
      env: { NODE_OPTIONS: '', NODE_ENV: 'production' },
    }),
    develop: (port) => ({
      args: [process.execPath, next, 'dev', `--port=${port}`],
      env: { NODE_OPTIONS: '', NODE_ENV: 'development' },
    }),
    edited: 'lib/metrics.ts',
    route: '/hello/[name]',
    otherRoute: undefined,
    exit: 143,
    reload: '`next dev`',
  }),
  onNode('NestJS 12, Express', 'nest.ts', { edited: 'nest-application.ts', exit: 'SIGTERM' }),
  onNode('NestJS 12, Fastify', 'nest-fastify.ts', { edited: 'nest-application.ts', exit: 'SIGTERM' }),
  onNode('GraphQL Yoga 5', 'yoga.ts', {
    greeting: `/graphql?query=${encodeURIComponent('{hello(name:"bob")}')}`,
    route: '/graphql',
  }),
  onNode('tRPC 11', 'trpc.ts', { greeting: `/trpc/hello?input=${encodeURIComponent('"bob"')}`, route: '/trpc/hello' }),
  onNode('Bun 1', 'runtimes/bun.ts', {
    start: () => ({ args: [bun, '--preload=./fill.mjs', 'runtimes/bun.ts'] }),
    develop: () => ({ args: [bun, '--watch', 'runtimes/bun.ts'] }),
    otherRoute: undefined,
    reload: '`bun --watch`',
  }),
  onNode('Deno 2', 'runtimes/deno.ts', {
    start: () => ({ args: [deno, 'run', '--allow-all', '--preload=./fill.mjs', 'runtimes/deno.ts'] }),
    develop: () => ({ args: [deno, 'run', '--allow-all', '--watch', 'runtimes/deno.ts'] }),
    receives: false,
    reload: '`deno run --watch`',
  }),
  // A program of the tests serves it with miniflare, which has no graceful shutdown.
  onNode('workerd', 'fetch.ts', {
    start: () => ({ args: [process.execPath, '../../programs/workerd.ts', 'fill'], env: NODE }),
    develop: () => ({ args: [process.execPath, '../../programs/workerd.ts'], env: NODE }),
    exit: 143,
    drains: false,
    receives: false,
    reload: 'miniflare',
  }),
];

/** The binary in the only package of a scope, which npm has installed for this platform. */
function binary(scope: string, path: string): string {
  const root = installed(scope);
  const [name = ''] = readdirSync(root);
  return join(root, name, path);
}
