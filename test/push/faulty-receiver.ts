/** A receiver that fails in many ways, and records what it has stored and whether the sender was told so. */
import type { ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pick, type Random } from '../random.ts';
import { type ReceivedRequest, startReceiver } from './receiver.ts';

/** Answer to a request that was stored or refused. */
export interface Outcome {
  readonly status: number;
  readonly body?: Uint8Array;
  readonly contentType?: string;
}

export interface FaultyReceiver {
  readonly url: string;
  /** Requests that reached the storage in order. */
  readonly stored: readonly { readonly request: ReceivedRequest; readonly isAcknowledged: boolean }[];
  /** Number of requests by fault. */
  readonly faults: ReadonlyMap<string, number>;
  /** Answers everything from now on. */
  calm(): void;
}

/** Far below the timeout of senders, so that they always get the answers that are sent. */
const SLOWEST_MS = 50;

type Fault = (request: ReceivedRequest, response: ServerResponse) => Promise<void>;

/** `store` stores a request; a status of 400 or above means that it did not. */
export async function startFaultyReceiver(
  t: TestContext,
  random: Random,
  store: (request: ReceivedRequest) => Outcome | Promise<Outcome>,
): Promise<FaultyReceiver> {
  const stored: { request: ReceivedRequest; isAcknowledged: boolean }[] = [];
  const counts = new Map<string, number>();
  let isCalm = false;
  const keep = async (request: ReceivedRequest, isAcknowledged: boolean): Promise<Outcome> => {
    const outcome = await store(request);
    if (outcome.status < 400) stored.push({ request, isAcknowledged });
    return outcome;
  };
  const pass: Fault = async (request, response) => reply(response, await keep(request, true));
  const faults = faultsOf(pass, keep, random);
  const receiver = await startReceiver(t, (response, request) => {
    const [name, fault] = isCalm || random(10) < 5 ? (['none', pass] as const) : pick(random, faults);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    fault(request, response).catch(() => response.destroy());
  });
  const calm = () => {
    isCalm = true;
  };
  return { url: receiver.url, stored, faults: counts, calm };
}

function faultsOf(
  pass: Fault,
  keep: (request: ReceivedRequest, isAcknowledged: boolean) => Promise<Outcome>,
  random: Random,
): readonly (readonly [name: string, fault: Fault])[] {
  const answer =
    (status: number, headers: Readonly<Record<string, string>> = {}): Fault =>
    async (_request, response) =>
      void response.writeHead(status, headers).end();
  const storeAnd =
    (end: (response: ServerResponse) => unknown): Fault =>
    async (request, response) => {
      await keep(request, false);
      await end(response);
    };
  return [
    ['429', answer(429)],
    ['429 with Retry-After', answer(429, { 'retry-after': '0' })],
    ['500', answer(500)],
    ['503 with Retry-After', answer(503, { 'retry-after': 'soon' })],
    ['redirect', answer(307, { location: 'http://127.0.0.1:1/' })],
    ['cut before storing', async (_request, response) => void response.destroy()],
    ['stored, and cut', storeAnd((response) => response.destroy())],
    ['stored, and 503', storeAnd((response) => response.writeHead(503).end())],
    ['stored, and cut later', storeAnd((response) => wait(SLOWEST_MS).then(() => response.destroy()))],
    [
      // The sender has the status, which counts, and the explanation.
      'cut in the answer',
      async (request, response) => {
        const { status, body = new Uint8Array(), contentType } = await keep(request, true);
        writeHead(response, status, contentType, body.length + 100);
        response.write(body, () => response.destroy());
      },
    ],
    [
      'slow',
      async (request, response) => {
        await wait(random(SLOWEST_MS));
        await pass(request, response);
      },
    ],
  ];
}

function reply(response: ServerResponse, { status, body = new Uint8Array(), contentType }: Outcome): void {
  writeHead(response, status, contentType, body.length);
  response.end(body);
}

function writeHead(response: ServerResponse, status: number, contentType: string | undefined, length: number): void {
  const type = contentType === undefined ? {} : { 'content-type': contentType };
  response.writeHead(status, { ...type, 'content-length': length });
}
