import { ParseError, parseOpenMetrics, parseProtobuf, parseText } from '../../src/parse/index.ts';

/** Reads bytes with every parser, in both modes, stopping at the first error and going on; only ParseError may come. */
export function readEverything(bytes: Uint8Array): void {
  for (const mode of ['strict', 'prometheus'] as const) {
    for (const options of [{ mode }, { mode, onError: () => {} }]) {
      attempt(() => parseText(bytes, options));
      attempt(() => parseOpenMetrics(bytes, options));
      attempt(() => parseOpenMetrics(bytes, { ...options, version: '2.0.0' }));
      attempt(() => parseProtobuf(bytes, options));
    }
  }
}

function attempt(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
  }
}
