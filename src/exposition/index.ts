/** Formats of expositions, and how one is chosen: `zeroprom/exposition`. */
export type { Encoder } from '../model/encoder.ts';
export { encodeFamily } from '../model/encoder.ts';
export { ByteWriter } from './bytes/byte-writer.ts';
export type { EncodeOptions } from './encode.ts';
export { encodeGathering, expositionEncoder } from './encode.ts';
export type { Escaping } from './encoding/escaping.ts';
export { escapeName, unescapeName } from './encoding/escaping.ts';
export type {
  AcceptedClause,
  Encodable,
  EncoderOptions,
  Format,
  FormatEncoder,
  FormatOptions,
  OmissionListener,
} from './encoding/format.ts';
export { formats, openMetrics, openMetrics0, openMetrics2, protobuf, text, textUtf8 } from './formats.ts';
export type { Negotiated, NegotiateOptions } from './negotiate.ts';
export { negotiate } from './negotiate.ts';
export { acceptsGzip } from './negotiation.ts';
export { readSnapshot } from './snapshot/read-snapshot.ts';
export type {
  BucketsSnapshot,
  ExemplarSnapshot,
  FamilySnapshot,
  HistogramSnapshot,
  NativeHistogramSnapshot,
  PointSnapshot,
  QuantileSnapshot,
  SnapshotNumber,
  StateSetSnapshot,
  SummarySnapshot,
} from './snapshot/snapshot.ts';
export { snapshotOf } from './snapshot/snapshot.ts';
