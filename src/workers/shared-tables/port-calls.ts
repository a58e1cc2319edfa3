import type { MessagePort, Transferable } from 'node:worker_threads';
import { asError, thrownText } from '../../model/thrown.ts';

/** A call of a function in another thread, the end of one, or the request to end it. */
export type CallMessage =
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly argument: unknown }
  | { readonly type: 'return'; readonly id: number; readonly value?: unknown; readonly error?: string }
  | { readonly type: 'abort'; readonly id: number };

/** Functions that the other thread may call. Arguments and results are cloned. */
export type CallHandlers = Readonly<Record<string, (argument: never, signal: AbortSignal) => unknown>>;

/** How long the caller waits. */
export interface CallOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Parts of the argument that are moved to the other thread. */
  readonly transfer?: readonly Transferable[];
}

interface PendingCall {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** Calls functions of another thread over a port, and answers its calls. Both ends are of the same version. */
export class PortCalls {
  readonly #port: Pick<MessagePort, 'postMessage'>;
  readonly #handlers: CallHandlers;
  readonly #pending = new Map<number, PendingCall>();
  readonly #running = new Map<number, AbortController>();
  #lastId = 0;

  constructor(port: Pick<MessagePort, 'postMessage'>, handlers: CallHandlers) {
    this.#port = port;
    this.#handlers = handlers;
  }

  /** Calls a function and returns its result. Rejects with its error, after the timeout, and when the signal aborts. */
  async call(name: string, argument: unknown, { timeoutMs, signal, transfer = [] }: CallOptions): Promise<unknown> {
    signal?.throwIfAborted();
    const id = ++this.#lastId;
    const giveUp = (reason: unknown) => {
      this.#pending.get(id)?.reject(asError(reason));
      this.#port.postMessage({ type: 'abort', id } satisfies CallMessage);
    };
    const onAbort = () => giveUp(signal?.reason);
    const late = () => giveUp(new Error(`The other thread did not answer within ${timeoutMs} ms.`));
    const timer = setTimeout(late, timeoutMs);
    try {
      return await new Promise((resolve, reject) => {
        this.#pending.set(id, { resolve, reject });
        signal?.addEventListener('abort', onAbort, { once: true });
        this.#port.postMessage({ type: 'call', id, name, argument } satisfies CallMessage, transfer);
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      this.#pending.delete(id);
    }
  }

  /** Handles a message of the other end. */
  receive(message: CallMessage): void {
    switch (message.type) {
      case 'call':
        void this.#answer(message);
        return;
      case 'abort':
        this.#running.get(message.id)?.abort(new Error('The caller does not wait any longer.'));
        return;
      case 'return': {
        const call = this.#pending.get(message.id);
        if (message.error === undefined) call?.resolve(message.value);
        else call?.reject(new Error(message.error));
      }
    }
  }

  /** Rejects all calls, because the other end is gone, and aborts those of the other end. */
  close(reason: Error): void {
    for (const { reject } of this.#pending.values()) reject(reason);
    for (const controller of this.#running.values()) controller.abort(reason);
  }

  async #answer({ id, name, argument }: CallMessage & { readonly type: 'call' }): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      const handler = this.#handlers[name];
      if (handler === undefined) throw new Error(`Unknown call ${name}.`);
      const value = await handler(argument as never, controller.signal); // The caller passes what the handler takes.
      this.#port.postMessage({ type: 'return', id, value } satisfies CallMessage);
    } catch (thrown) {
      this.#port.postMessage({ type: 'return', id, error: thrownText(thrown) } satisfies CallMessage);
    } finally {
      this.#running.delete(id);
    }
  }
}
