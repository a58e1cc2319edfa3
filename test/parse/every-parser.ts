import { ParseError, parseOpenMetrics, parseProtobuf, parseText } from '../../src/parse/index.ts';

/** Parses bytes with every parser in both modes, with and without `onError`; only a ParseError may be thrown. */
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
