import assert from 'node:assert/strict';
import { OtlpExporter, type OtlpExporterOptions } from '../../../src/push/index.ts';
import { silent } from '../../silent-logger.ts';

/** Exports the current values once, compressed, and asserts that the receiver accepted all of them. */
export async function exportOnce(options: OtlpExporterOptions): Promise<void> {
  const exporter = new OtlpExporter({ compress: true, logger: silent, proxy: false, ...options });
  const { failures, rejected } = await exporter.flush();
  assert.deepEqual([failures, rejected], [[], 0]);
  await exporter.stop();
}
