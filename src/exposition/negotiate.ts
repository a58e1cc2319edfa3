import { DEFAULT_ESCAPING, type Escaping, escapingNamed } from './escaping.ts';
import type { Format } from './format.ts';
import { formats, text } from './formats.ts';
import { type Clause, clausesOf } from './header-clauses.ts';

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
  /** For clauses that name no scheme, or one that is none. */
  readonly escaping?: Escaping | undefined;
}

/**
 * Chooses a format for an Accept header (Prometheus' content negotiation): of the clauses that name an offered format
 * the one with the highest weight, the first of several. Where there is none, a catch-all gets the first offer, and all
 * else the text format, which everyone reads. Catch-alls come last whatever their weight: Prometheus 2.49 gave its own
 * the highest. The escaping scheme is the chosen clause's own.
 */
export function negotiate(
  accept: string | undefined,
  { offers = formats, escaping = DEFAULT_ESCAPING }: NegotiateOptions = {},
): Negotiated {
  const clauses = clausesOf(accept ?? '').filter(({ value, weight }) => value !== '' && weight > 0);
  for (const clause of clauses) {
    const format = offers.find(({ accepted }) => isAskedFor(accepted, clause));
    if (format !== undefined) return negotiated(format, clause, escaping);
  }
  for (const clause of clauses) {
    const format = offers.find(({ accepted }) => isCaught(accepted.mediaType, clause.value));
    if (format !== undefined) return unasked(format, escapingOf(clause) ?? escaping);
  }
  const last = offers.includes(text) ? text : (offers[0] ?? text);
  return clauses.length === 0 ? unasked(last, escaping) : negotiated(last, undefined, escaping);
}

/** For clients that know of no schemes: people with curl or a browser, and servers that take anything. */
function unasked(format: Format, escaping: Escaping): Negotiated {
  const { contentType } = format;
  return escaping === DEFAULT_ESCAPING ? { format, escaping, contentType } : labelled(format, escaping);
}

function negotiated(format: Format, clause: Clause | undefined, byDefault: Escaping): Negotiated {
  return labelled(format, escapingOf(clause) ?? byDefault);
}

function labelled(format: Format, escaping: Escaping): Negotiated {
  return { format, escaping, contentType: `${format.contentType}; escaping=${escaping}` };
}

function escapingOf(clause: Clause | undefined): Escaping | undefined {
  return escapingNamed(clause?.parameters.get('escaping'));
}

function isAskedFor({ mediaType, parameters, optional }: Format['accepted'], clause: Clause): boolean {
  return (
    clause.value === mediaType &&
    Object.entries(parameters).every(
      ([name, value]) => (clause.parameters.get(name) ?? (name === optional ? value : undefined)) === value,
    )
  );
}

function isCaught(mediaType: string, range: string): boolean {
  return range === '*/*' || (range.endsWith('/*') && mediaType.startsWith(range.slice(0, -1)));
}
