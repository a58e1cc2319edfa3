import { DEFAULT_ESCAPING, type Escaping, escapingNamed } from './encoding/escaping.ts';
import type { AcceptedClause } from './encoding/format.ts';
import type { MediaType } from './encoding/media-types.ts';
import { type FormatOnRequest, formatsOnRequest, textOnRequest } from './formats-on-request.ts';

/** A chosen format, its escaping scheme, and the value of the Content-Type header. */
export interface Chosen<F extends MediaType> {
  readonly format: F;
  readonly escaping: Escaping;
  readonly contentType: string;
}

interface Choice<F extends MediaType> {
  readonly offers: readonly F[];
  /** The format for clients that accept none of the offers. */
  readonly fallback: F;
  readonly escaping?: Escaping | undefined;
}

/** Chooses among all formats. Encoders other than that of the text format are loaded by `load()`. */
export function chooseOnRequest(accept: string | undefined): Chosen<FormatOnRequest> {
  return choose(accept, { offers: formatsOnRequest, fallback: textOnRequest });
}

/** Chooses a format as `negotiate()` documents. */
export function choose<F extends MediaType>(
  accept: string | undefined,
  { offers, fallback, escaping }: Choice<F>,
): Chosen<F> {
  const clauses = clausesOf(accept ?? '').filter(({ value, weight }) => value !== '' && weight > 0);
  for (const clause of clauses) {
    const format = offers.find(({ accepted }) => isAskedFor(accepted, clause));
    if (format !== undefined) return labeled(format, escapingFor(format, clause, escaping), typeFor(format, clause));
  }
  for (const clause of clauses) {
    const { value: range } = clause;
    const format = offers.find(
      ({ accepted: { mediaType } }) =>
        range === '*/*' || (range.endsWith('/*') && mediaType.startsWith(range.slice(0, -1))),
    );
    if (format !== undefined) return unasked(format, escapingFor(format, clause, escaping));
  }
  const unnamed = escaping ?? DEFAULT_ESCAPING;
  return clauses.length === 0 ? unasked(fallback, unnamed) : labeled(fallback, unnamed);
}

/** For clients that know no escaping schemes, such as curl and browsers, and for those that accept anything. */
function unasked<F extends MediaType>(format: F, escaping: Escaping): Chosen<F> {
  const { contentType, defaultEscaping } = format;
  const isPlain = escaping === DEFAULT_ESCAPING && defaultEscaping === undefined;
  return isPlain ? { format, escaping, contentType } : labeled(format, escaping);
}

function labeled<F extends MediaType>(format: F, escaping: Escaping, contentType = format.contentType): Chosen<F> {
  return { format, escaping, contentType: `${contentType}; escaping=${escaping}` };
}

/** Returns the Content-Type with the version that the clause names. */
function typeFor({ contentType, accepted }: MediaType, { parameters }: Clause): string {
  const version = accepted.otherVersions?.find((other) => other === parameters.get('version'));
  if (version === undefined) return contentType;
  return contentType.replace(`version=${accepted.parameters['version']}`, `version=${version}`);
}

function escapingFor(format: MediaType, { parameters }: Clause, byDefault: Escaping | undefined): Escaping {
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

/**
 * Returns whether an Accept-Encoding header accepts gzip, by name or by `*`, with a weight above 0. Every Prometheus
 * does. Otherwise responses are not compressed, even for a client that refuses `identity`.
 *
 * @example
 * ```ts
 * import { acceptsGzip } from 'zeroprom/exposition';
 *
 * console.log(acceptsGzip('zstd, gzip;q=0.5')); // true
 * ```
 */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const clauses = clausesOf(acceptEncoding ?? '');
  const clause = clauses.find(({ value }) => value === 'gzip') ?? clauses.find(({ value }) => value === '*');
  return clause !== undefined && clause.weight > 0;
}

/** A clause of an Accept or Accept-Encoding header. */
export interface Clause {
  /** Media type or encoding in lower case: `text/plain`, `gzip`. */
  readonly value: string;
  /** Parameters by name in lower case. If a name occurs twice, the last one counts. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Weight, from `q`; 1 if it is missing or invalid. */
  readonly weight: number;
}

/** Maximum length and number of clauses that are read. Prometheus sends about 500 characters and five clauses. */
const MAX_LENGTH = 4096;
const MAX_CLAUSES = 64;

/** Parses a header (RFC 9110, section 12.5). Returns its clauses by decreasing weight. */
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
  const value = text.slice(equals + 1).trim();
  const isQuoted = value.length > 1 && value.startsWith('"') && value.endsWith('"');
  return [text.slice(0, equals).trim().toLowerCase(), isQuoted ? value.slice(1, -1) : value];
}
