/** The operations of the adapter by name. Undefined means that the operation does not apply. */
import { type Escaping, escapeName, escapingNamed, unescapeName } from '../../src/exposition/encoding/escaping.ts';
import { type Format, formats, text } from '../../src/exposition/formats.ts';
import { negotiate } from '../../src/exposition/negotiate.ts';
import { goFloat, openMetricsFloat } from '../../src/model/float-layout.ts';
import { bytesOf, textOf } from './bytes.ts';
import { encodeAsExpfmt, hasDialect } from './expfmt.ts';
import { type NativeObserveRequest, nativeObserve } from './native-observe.ts';
import { type NumberRequest, type ParseRequest, parse, parseNumber } from './parse-operations.ts';
import { familyOf, isDisputed, type Message, refuseFloatHistograms } from './protojson.ts';

export type Answer = { readonly [field: string]: unknown } | undefined;

export const operations: { readonly [operation: string]: (request: Message) => Answer } = {
  serialize,
  negotiate: negotiateFormat,
  negotiate_offers: negotiateOffers,
  escape: escapeOne,
  unescape: unescapeOne,
  format_float: formatFloat,
  native_observe: (request) => nativeObserve(asked<NativeObserveRequest>(request)),
  parse: (request) => ({ ...parse(asked<ParseRequest>(request)) }),
  parse_number: (request) => parseNumber(asked<NumberRequest>(request)),
};

/** Formats of expfmt that zeroprom does not have: they are negotiated, but not encoded. */
const foreign: readonly Format[] = ['text', 'compact-text'].map((encoding) => ({
  contentType: `application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=${encoding}`,
  accepted: {
    mediaType: 'application/vnd.google.protobuf',
    parameters: { proto: 'io.prometheus.client.MetricFamily', encoding },
  },
  encoder: () => {
    throw new Error('It is only there to be chosen.');
  },
}));

const known: readonly Format[] = [...formats, ...foreign];

/** A request as its operation expects it. The protocol of the runner requires this; it is not checked. */
function asked<T>(request: Message): T {
  return request as unknown as T;
}

/** A null family is a message without a protojson form. */
function serialize({ families, format, escaping, created_lines }: Message): Answer {
  const messages = families === null ? [] : (families as readonly (Message | null)[]);
  if (!hasDialect(String(format))) return undefined;
  if (messages.some((message) => message === null || isDisputed(message, created_lines === true))) return undefined;
  if (format === 'openmetrics-2.0.0' && hasNanoseconds(messages)) return undefined;
  try {
    if (format === 'openmetrics-1.0.0') refuseFloatHistograms(messages);
    const decoded = messages.map((message) => familyOf(message ?? {}));
    const output = encodeAsExpfmt(decoded, String(format), schemeOf(escaping), created_lines === true);
    // The vectors contain null for an empty sequence of bytes.
    return { ok: true, output: output.length === 0 ? null : output.toString('base64') };
  } catch (error) {
    return { ok: false, error: String(error) };
  }
}

/** Times in the model are doubles, with a precision of a quarter of a microsecond. */
function hasNanoseconds(messages: readonly unknown[]): boolean {
  return /T[\d:]+\.\d{7,}Z"/.test(JSON.stringify(messages));
}

/** Negotiates among the default formats of expfmt: all except the experimental version. */
function negotiateFormat({ accept }: Message): Answer {
  const offers = known.filter(({ contentType }) => !contentType.includes('version=2.0.0'));
  return { content_type: negotiate(String(accept), { offers }).contentType };
}

function negotiateOffers({ accept, offers, default_escaping }: Message): Answer {
  const wanted = Array.isArray(offers) ? offers : [text.contentType];
  const { contentType } = negotiate(String(accept), {
    offers: wanted.map((type) => known.find((format) => format.contentType === type) ?? text),
    escaping: schemeOf(default_escaping),
  });
  return { content_type: contentType };
}

function escapeOne({ name_b64, scheme }: Message): Answer {
  return { result_b64: base64Of(escapeName(textOf(Buffer.from(String(name_b64), 'base64')), schemeOf(scheme))) };
}

function unescapeOne({ name_b64, scheme }: Message): Answer {
  return { result_b64: base64Of(unescapeName(textOf(Buffer.from(String(name_b64), 'base64')), schemeOf(scheme))) };
}

function formatFloat({ bits, style }: Message): Answer {
  const value = Buffer.from(String(bits), 'hex').readDoubleBE();
  return { text: style === 'openmetrics' ? openMetricsFloat(value) : goFloat(value) };
}

function schemeOf(name: unknown): Escaping {
  const scheme = escapingNamed(String(name));
  if (scheme === undefined) throw new Error(`There is no escaping scheme ${String(name)}.`);
  return scheme;
}

function base64Of(name: string): string {
  return bytesOf(name).toString('base64');
}
