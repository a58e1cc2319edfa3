import { type Format, openMetrics, openMetrics2, protobuf, text, textUtf8 } from '../../exposition/formats.ts';

/** Names of the formats on the command line. */
export const formatNames = ['text', 'text-1.0.0', 'openmetrics', 'openmetrics-2', 'protobuf', 'json'] as const;

export type FormatName = (typeof formatNames)[number];

/** Exposition formats by name. `json` stands for the snapshots of this package, which servers do not expose. */
export const expositionFormats: Readonly<Record<Exclude<FormatName, 'json'>, Format>> = {
  text,
  'text-1.0.0': textUtf8,
  openmetrics: openMetrics,
  'openmetrics-2': openMetrics2,
  protobuf,
};

/** The same order as that of a Prometheus server without native histograms. */
const ANY =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,' +
  'application/openmetrics-text;version=0.0.1;q=0.5,' +
  'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

/** Returns the Accept header that requests a format, or any format. */
export function acceptHeader(format: FormatName | undefined): string {
  if (format === undefined) return ANY;
  if (format === 'json') return 'application/json';
  return `${expositionFormats[format].contentType};escaping=allow-utf-8`;
}

/** Returns the format that a Content-Type declares; undefined if it does not declare an exposition format. */
export function formatOf(contentType: string): FormatName | undefined {
  const [mediaType = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const version = parameters.find((parameter) => parameter.startsWith('version='))?.slice('version='.length) ?? '';
  switch (mediaType) {
    case 'text/plain':
      return version === '1.0.0' ? 'text-1.0.0' : 'text';
    case 'application/openmetrics-text':
      return version.startsWith('2.') ? 'openmetrics-2' : 'openmetrics';
    case 'application/vnd.google.protobuf':
      return 'protobuf';
    case 'application/json':
      return 'json';
    default:
      return undefined;
  }
}
