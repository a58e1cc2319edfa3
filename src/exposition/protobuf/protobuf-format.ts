import type { Format } from '../encoding/format.ts';
import { protobufType } from '../encoding/media-types.ts';
import { ProtobufEncoder } from './protobuf-encoder.ts';

/** Delimited PrometheusProto, which supports native histograms. */
export const protobuf: Format = {
  ...protobufType,
  encoder: (writer, options) => new ProtobufEncoder(writer, options),
};
