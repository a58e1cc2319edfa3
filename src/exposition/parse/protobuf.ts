import type { MetricFamily } from '../../model/family.ts';
import type { ParseOptions } from './options.ts';

export function parseProtobuf(_input: Uint8Array, _options?: ParseOptions): MetricFamily[] {
  return [];
}
