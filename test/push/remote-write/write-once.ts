import assert from 'node:assert/strict';
import type { Registry } from '../../../src/index.ts';
import { RemoteWriter, type RemoteWriterOptions } from '../../../src/push/index.ts';
import { silent } from '../../silent-logger.ts';

/** Writes the current values once, as the job `pushed`, and asserts that the receiver stored all of them. */
export async function writeOnce(
  url: string,
  registry: Registry,
  options: Omit<RemoteWriterOptions, 'url'> = {},
): Promise<void> {
  const labels = { job: 'pushed', instance: 'x' };
  const common = { url, registry, labels, logger: silent, onStop: 'keep', proxy: false } as const;
  const writer = new RemoteWriter({ ...common, ...options });
  const { gathered, written } = await writer.flush();
  await writer.stop();
  assert.equal(written, gathered);
}
