/** Handlers that fail, for the tests of all frameworks: whatever the client gets is counted once. */
import assert from 'node:assert/strict';
import { get, type RequestListener } from 'node:http';
import { test } from 'node:test';
import { serve } from '../http/serve.ts';

/** An error that the error handler of the application answers with 422. */
export class Handled extends Error {}

const later = () => new Promise<void>((resolve) => setImmediate(resolve));
const rejected = (reason: unknown) => async () => {
  throw reason;
};
const thrown = (reason: unknown) => () => {
  throw reason;
};

/** Handlers by name. The application has each at `/NAME/:id`, and answers what they return. */
export const handlers: Readonly<Record<string, () => unknown>> = {
  ok: () => 'hi',
  throwsError: thrown(new Error('It is broken.')),
  rejectsError: rejected(new Error('It is broken.')),
  throwsLater: async () => {
    await later();
    throw new Error('It is broken.');
  },
  throwsText: thrown('broken'),
  rejectsText: rejected('broken'),
  throwsNumber: thrown(42),
  throwsObject: thrown(Object.freeze({ message: 'broken' })),
  throwsUndefined: thrown(undefined),
  rejectsUndefined: rejected(undefined),
  rejectsNull: rejected(null),
  throwsHandled: thrown(new Handled()),
  rejectsHandled: rejected(new Handled()),
  waits: () => new Promise(() => {}),
};

/** An application of a framework with the handlers, whose requests are measured. */
export interface FailingApplication {
  readonly listener: RequestListener;
  /** Returns the number of counted requests by `method route status_code`, with routes as `/NAME/:id`. */
  readonly counted: () => Promise<Readonly<Record<string, number>>>;
  readonly inFlight: () => Promise<number | undefined>;
}

/** A framework. */
export interface FailingFramework {
  readonly name: string;
  readonly create: () => Promise<FailingApplication>;
  /** The path and the route of a handler, if they are not `/NAME/1` and `/NAME/:id`. */
  readonly path?: (name: string) => string;
  readonly route?: string;
  /** Status with which it answers errors; 500 by default. */
  readonly status?: number;
  /** Handlers whose error it does not treat like others, with the status of the response. */
  readonly statuses?: Readonly<Record<string, number>>;
  /** Status with which handled errors are counted, if the adapter cannot see what the error handler answers. */
  readonly handledAs?: number;
  /** Handlers whose error it turns into an unhandled rejection, which ends the process. */
  readonly crashes?: readonly string[];
  /** Handlers that it does not answer. */
  readonly unanswered?: readonly string[];
  /** Whether a request is measured until the client has the response or is gone. True by default. */
  readonly seesEnd?: boolean;
}

/** Declares the tests of a framework. */
export function testErrorPaths({ name, create, seesEnd = true, ...framework }: FailingFramework): void {
  const { path = (handler) => `/${handler}/1`, route, status = 500, statuses = {} } = framework;
  const unanswered = ['waits', ...(framework.unanswered ?? [])];
  const left = [...unanswered, ...(framework.crashes ?? [])];
  const routeOf = (handler: string) => route ?? `/${handler}/:id`;
  const ok = { [`GET ${routeOf('ok')} 200`]: 1 };

  for (const handler of Object.keys(handlers).filter((key) => !left.includes(key))) {
    test(`${name}: a request whose handler is ${handler} is counted once, with the status of its response`, async (t) => {
      const { listener, counted, inFlight } = await create();
      const url = await serve(t, listener);
      const response = await fetch(url + path(handler), { signal: AbortSignal.timeout(20_000) });
      await response.text();
      const expected = handler === 'ok' ? 200 : /Handled$/.test(handler) ? 422 : status;
      assert.equal(response.status, statuses[handler] ?? expected);
      // A second request shows whether the first one is counted again later.
      await fetch(url + path('ok')).then((second) => second.text());
      const isUnseen = response.status === 422 && framework.handledAs !== undefined;
      const key = `GET ${routeOf(handler)} ${isUnseen ? framework.handledAs : response.status}`;
      assert.deepEqual(await countedWhen(counted, 2), key in ok ? { [key]: 2 } : { [key]: 1, ...ok });
      assert.equal(await inFlight(), 0);
    });
  }

  test(`${name}: a request without a route is counted once as other`, async (t) => {
    const { listener, counted } = await create();
    const url = await serve(t, listener);
    assert.equal((await fetch(`${url}/nowhere`)).status, 404);
    await fetch(url + path('ok')).then((second) => second.text());
    assert.deepEqual(await countedWhen(counted, 2), { 'GET other 404': 1, ...ok });
  });

  if (!seesEnd) return;
  for (const handler of unanswered) {
    test(`${name}: a request whose client disconnects while the handler is ${handler} is counted once as aborted`, async (t) => {
      const { listener, counted, inFlight } = await create();
      const url = await serve(t, listener);
      const request = get(url + path(handler), { agent: false });
      const ended = new Promise((resolve) => request.once('error', resolve)); // It hangs up.
      while ((await inFlight()) !== 1) await later();
      request.destroy();
      await ended;
      await fetch(url + path('ok')).then((second) => second.text());
      assert.deepEqual(await countedWhen(counted, 2), { [`GET ${routeOf(handler)} aborted`]: 1, ...ok });
      assert.equal(await inFlight(), 0);
    });
  }
}

/** Waits until this many requests were counted, or for ten seconds: a client has the response before the server closes it. */
async function countedWhen(counted: FailingApplication['counted'], count: number): Promise<Record<string, number>> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const counts = await counted();
    const sum = Object.values(counts).reduce((total, value) => total + value, 0);
    if (sum >= count || performance.now() > deadline) return counts;
    await later();
  }
}
