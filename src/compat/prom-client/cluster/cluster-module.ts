import type cluster from 'node:cluster';

/** The members of Node's module that are used here. Mocks have only these. */
export type ClusterModule = Pick<typeof cluster, 'isPrimary' | 'isMaster' | 'isWorker' | 'workers' | 'on'>;

/** Loads Node's module at the first use: some application servers, such as Passenger, crash when it is loaded. */
export function clusterModule(): ClusterModule {
  // In CommonJS, require() with the name that Jest mocks.
  // biome-ignore lint/style/useNodejsImportProtocol: Jest does not replace modules that are required as node:cluster.
  if (typeof require === 'function') return require('cluster') as ClusterModule;
  // The types describe what import() would give.
  return process.getBuiltinModule('node:cluster') as unknown as ClusterModule;
}

/** One end of a channel between processes. */
interface Channel {
  send?(message: object, onSent: (error: Error | null) => void): unknown;
}

/** Sends a message, and does nothing if the other end is gone: without a callback, that would be an event that ends the process. */
export function sendTo(channel: Channel, message: object): void {
  channel.send?.(message, () => {});
}

export function isPrimary({ isPrimary, isMaster }: ClusterModule): boolean {
  return isPrimary ?? isMaster;
}
