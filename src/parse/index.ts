export type { ParseLimits, ParseMode, ParseOptions } from './input/options.ts';
export { ParseError, type ParseErrorDetails } from './input/parse-error.ts';
export type { Chunk, Chunks } from './input/source.ts';
export type {
  CompositeHistogram,
  CompositeSummary,
  CompositeValue,
  ExemplarPart,
  LineHandler,
  MetadataLine,
  SampleLine,
  TextMetadataLine,
  TypeMetadataLine,
} from './lines/line-handler.ts';
export { parseNumber } from './lines/number.ts';
export type { OpenMetricsVersion } from './openmetrics/openmetrics-reader.ts';
export { type OpenMetricsOptions, parseOpenMetrics, readOpenMetrics } from './openmetrics/parse-openmetrics.ts';
export { parse } from './parse.ts';
export { parseProtobuf } from './protobuf/parse-protobuf.ts';
export { parseText, readText } from './text/parse-text.ts';
