import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Gatherer } from '../../registry/gathering.ts';
import { OwnerStatus } from './owner-status.ts';
import { type CallHandlers, PortCalls } from './port-calls.ts';
import { RegistryMirror } from './registry-mirror.ts';
import { RegistryPublisher } from './registry-publisher.ts';
import type { PortMessage } from './table-messages.ts';

/** The end of a port to another thread at which registries are published. */
export interface PublishingEnd {
  /** Memory for the other end. */
  readonly status: SharedArrayBuffer;
  readonly calls: PortCalls;
  /** Sends the values that are not in shared memory. */
  publishValues(): void;
  /** Closes the port. */
  stop(): void;
}

/** The end of a port to another thread at which its registries are read. */
export interface ReadingEnd {
  readonly mirror: RegistryMirror;
  readonly status: OwnerStatus;
  readonly calls: PortCalls;
}

/** Publishes registries through a port, which does not keep the process alive. The other end may also call `handlers`. */
export function publishRegistries(gatherer: Gatherer, port: MessagePort, handlers: CallHandlers = {}): PublishingEnd {
  const publisher = new RegistryPublisher(gatherer, (message) => port.postMessage(message));
  const calls = new PortCalls(port, { ...publisher.handlers, ...handlers });
  port.on('message', (message) => calls.receive(message)); // The other end sends only calls.
  port.on('close', () => {
    publisher.stop();
    calls.close(new Error('The other thread has ended.'));
  });
  port.unref();
  return {
    status: publisher.status.memory,
    calls,
    publishValues: () => publisher.publishValues(),
    stop: () => port.close(),
  };
}

/** Options of {@link readRegistries}. */
export interface ReadingOptions {
  /** Functions that the other end may call. */
  readonly handlers?: CallHandlers;
  /** Whether removed series are kept for `RegistryMirror.takeDeparted()`. */
  readonly keepsDeparted?: boolean;
}

/** Reads the registries that are published at the other end of a port, which does not keep the process alive. */
export function readRegistries(
  port: MessagePort,
  memory: SharedArrayBuffer,
  { handlers = {}, keepsDeparted = false }: ReadingOptions = {},
): ReadingEnd {
  const calls = new PortCalls(port, handlers);
  const status = new OwnerStatus(memory);
  const handle = (message: PortMessage) => {
    if (message.type === 'call' || message.type === 'return' || message.type === 'abort') calls.receive(message);
    else mirror.receive(message);
  };
  let isClosed = false;
  const receive = () => {
    if (isClosed) return; // Node.js 20 would crash.
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      handle(next.message);
    }
  };
  const mirror = new RegistryMirror(status, calls, receive, keepsDeparted);
  port.on('message', handle);
  port.on('close', () => {
    isClosed = true;
    calls.close(new Error('The other thread has ended.'));
  });
  port.unref();
  return { mirror, status, calls };
}
