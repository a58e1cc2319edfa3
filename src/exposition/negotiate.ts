import { DEFAULT_ESCAPING, type Escaping, escapingNamed } from './encoding/escaping.ts';
import type { AcceptedClause, Format } from './encoding/format.ts';
import { formats, text } from './formats.ts';

/** What a response is to look like. */
export interface Negotiated {
  readonly format: Format;
  readonly escaping: Escaping;
  /** The exact Content-Type. Nothing of it comes from the request. */
  readonly contentType: string;
}

export interface NegotiateOptions {
  /** The formats to choose from, in order of preference; all by default. */
  readonly offers?: readonly Format[] | undefined;
  /** For clauses without a known scheme; by default that of their format, which is `underscores` for most. */
  readonly escaping?: Escaping | undefined;
}

/**
 * Chooses a format for an Accept header (Prometheus' content negotiation): of the clauses that name an offered format
 * the one with the highest weight, the first of several. Where there is none, a catch-all gets the first offer, and all
 * else the text format, which everyone reads. Catch-alls come last whatever their weight: Prometheus 2.49 gave its own
 * the highest. The escaping scheme is the chosen clause's own, or else the format's default (prometheus/common from
 * 0.73 on: asking for OpenMetrics 2.0 implies support for UTF-8 names).
 */
export function negotiate(
  accept: string | undefined,
  { offers = formats, escaping }: NegotiateOptions = {},
): Negotiated {
  const clauses = clausesOf(accept ?? '').filter(({ value, weight }) => value !== '' && weight > 0);
  for (const clause of clauses) {
    const format = offers.find(({ accepted }) => isAskedFor(accepted, clause));
    if (format !== undefined) return labelled(format, escapingFor(format, clause, escaping), typeFor(format, clause));
  }
  for (const clause of clauses) {
    const format = offers.find(({ accepted }) => isCaught(accepted.mediaType, clause.value));
    if (format !== undefined) return unasked(format, escapingFor(format, clause, escaping));
  }
  const last = offers.includes(text) ? text : (offers[0] ?? text);
  const unnamed = escaping ?? DEFAULT_ESCAPING;
  return clauses.length === 0 ? unasked(last, unnamed) : labelled(last, unnamed);
}

/** For clients that know of no schemes: people with curl or a browser, and servers that take anything. */
function unasked(format: Format, escaping: Escaping): Negotiated {
  const { contentType, defaultEscaping } = format;
  const isPlain = escaping === DEFAULT_ESCAPING && defaultEscaping === undefined;
  return isPlain ? { format, escaping, contentType } : labelled(format, escaping);
}

function labelled(format: Format, escaping: Escaping, contentType = format.contentType): Negotiated {
  return { format, escaping, contentType: `${contentType}; escaping=${escaping}` };
}

/** With the version as the clause names it. */
function typeFor({ contentType, accepted }: Format, { parameters }: Clause): string {
  const version = accepted.otherVersions?.find((other) => other === parameters.get('version'));
  if (version === undefined) return contentType;
  return contentType.replace(`version=${accepted.parameters['version']}`, `version=${version}`);
}

function escapingFor(format: Format, { parameters }: Clause, byDefault: Escaping | undefined): Escaping {
  return escapingNamed(parameters.get('escaping')) ?? byDefault ?? format.defaultEscaping ?? DEFAULT_ESCAPING;
}

function isAskedFor({ mediaType, parameters, optional, otherVersions = [] }: AcceptedClause, clause: Clause): boolean {
  if (clause.value !== mediaType) return false;
  return Object.entries(parameters).every(([name, value]) => {
    const asked = clause.parameters.get(name);
    if (asked === undefined) return name === optional;
    return asked === value || (name === 'version' && otherVersions.includes(asked));
  });
}

function isCaught(mediaType: string, range: string): boolean {
  return range === '*/*' || (range.endsWith('/*') && mediaType.startsWith(range.slice(0, -1)));
}

/**
 * Whether an Accept-Encoding header takes gzip: by name, or else by `*`, with a weight above 0. Every Prometheus does,
 * also one from 3.15 on that prefers zstd, which Node.js 20 does not have. Without gzip a response goes as it is, also to a
 * client that refuses `identity`.
 */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const clauses = clausesOf(acceptEncoding ?? '');
  const clause = clauses.find(({ value }) => value === 'gzip') ?? clauses.find(({ value }) => value === '*');
  return clause !== undefined && clause.weight > 0;
}

/** An item of an Accept or Accept-Encoding header. */
export interface Clause {
  /** In lower case: `text/plain`, `gzip`. */
  readonly value: string;
  /** Names in lower case; of two with the same name the last counts. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The weight, `q`; 1 where none is given or it is no number. */
  readonly weight: number;
}

/** Servers send some 500 characters and five clauses. More than this is not read. */
const MAX_LENGTH = 4096;
const MAX_CLAUSES = 64;

/** What a header lists (RFC 9110, section 12.5), the most wanted first; what has no weight is not wanted at all. */
export function clausesOf(header: string): Clause[] {
  return header
    .slice(0, MAX_LENGTH)
    .split(',', MAX_CLAUSES)
    .map(clauseOf)
    .sort((a, b) => b.weight - a.weight);
}

function clauseOf(text: string): Clause {
  const [value = '', ...parts] = text.split(';');
  const parameters = new Map(parts.map(parameterOf));
  const weight = Number.parseFloat(parameters.get('q') ?? '1');
  return { value: value.trim().toLowerCase(), parameters, weight: Number.isNaN(weight) ? 1 : weight };
}

function parameterOf(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals === -1) return [text.trim().toLowerCase(), ''];
  return [text.slice(0, equals).trim().toLowerCase(), unquote(text.slice(equals + 1).trim())];
}

function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
